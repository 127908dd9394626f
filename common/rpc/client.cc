#include "common/rpc/client.h"

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/entropy.h"
#include "common/base/metrics.h"
#include "common/base/percent.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "common/rpc/wire.h"
#include "grpcpp/create_channel.h"

namespace tsunagu::rpc {
namespace {

// Returns a value from a half to one, so that callers that failed together do not retry together.
double Jitter() { return 0.5 + static_cast<unsigned char>(Entropy::System().Bytes(1)[0]) / 512.0; }

// Our servers give a retry delay when a retry may help; gRPC itself only reports that the peer was not reached.
bool MayHelpToResend(const grpc::Status& status) {
  const bool nobody = status.error_code() == grpc::StatusCode::UNAVAILABLE && status.error_details().empty();
  return nobody || RetryDelay(status) > absl::ZeroDuration();
}

}  // namespace

CallOptions CallOptions::Onward(const Call& call, std::string api_key) {
  CallOptions options;
  options.timeout = call.deadline.Left();
  options.api_key = std::move(api_key);
  options.purpose = call.headers.purpose;
  options.on_behalf_of = call.headers.on_behalf_of.empty() ? call.principal.id : call.headers.on_behalf_of;
  options.trace = call.trace.traceparent();
  options.language = call.headers.language;
  return options;
}

void CallOptions::ApplyTo(grpc::ClientContext& context) const {
  context.set_deadline(absl::ToChronoTime(Clock::System().Now() + timeout));
  context.AddMetadata("accept-language", language == Language::kJapanese ? "ja" : "en");
  if (!api_key.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", api_key));
  // Metadata must be ASCII, but a purpose may be Japanese.
  if (!purpose.empty()) context.AddMetadata("tsunagu-purpose", PercentEncode(purpose));
  if (!on_behalf_of.empty()) context.AddMetadata("tsunagu-on-behalf-of", on_behalf_of);
  if (!trace.empty()) context.AddMetadata("traceparent", trace);
}

std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                       std::shared_ptr<grpc::ChannelCredentials> credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);  // peers are near; a proxy of the environment must not be used
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  // A peer that is available again is used within a second.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  // Despite its name, this limits one attempt to connect, including the handshake: a busy peer must not look
  // unavailable.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  if (credentials == nullptr) credentials = grpc::InsecureChannelCredentials();
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

Peer::Peer(std::string service, std::shared_ptr<grpc::Channel> channel, Options options)
    : service_(std::move(service)),
      retries_(metrics::Registry::Process().CounterOf("tsunagu_peer_retries_total", "Calls sent to a peer once more",
                                                      {{"peer", service_}})),
      withheld_(metrics::Registry::Process().CounterOf("tsunagu_peer_retries_withheld_total",
                                                       "Calls not sent once more, because too many had failed",
                                                       {{"peer", service_}})),
      channel_(std::move(channel)),
      options_(options),
      stub_(channel_),
      budget_(options.budget) {}

absl::Status Peer::UnaryUntyped(absl::string_view method, const google::protobuf::Message& request,
                                google::protobuf::Message& response, const CallOptions& options) {
  const std::string path = absl::StrCat("/", method);
  const Deadline deadline = Deadline::After(options.timeout);
  ASSIGN_OR_RETURN(const grpc::ByteBuffer sent, Encode(request));
  CallOptions now = options;
  absl::Duration backoff = options_.first_delay;
  for (int attempt = 1;; ++attempt, backoff = std::min(backoff * 2, options_.longest_delay)) {
    grpc::ByteBuffer received;
    const grpc::Status status = Once(path, sent, received, now);
    if (status.ok()) {
      Succeeded();
      return Decode(received, response);
    }
    if (!MayHelpToResend(status) || !options.retry_safe || !TakeRetry() || attempt == options_.attempts) {
      return Translate(status);
    }
    const absl::Duration delay = RetryDelay(status) + backoff * Jitter();
    now.timeout = deadline.Left() - delay;
    if (now.timeout <= absl::ZeroDuration()) return Translate(status);
    retries_.Add();
    std::this_thread::sleep_for(absl::ToChronoNanoseconds(delay));
  }
}

grpc::Status Peer::Once(const std::string& path, const grpc::ByteBuffer& request, grpc::ByteBuffer& response,
                        const CallOptions& options) {
  grpc::ClientContext context;
  options.ApplyTo(context);
  const auto ended = std::make_shared<std::promise<grpc::Status>>();
  std::future<grpc::Status> status = ended->get_future();
  stub_.UnaryCall(&context, path, {}, &request, &response,
                  [ended](grpc::Status how) { ended->set_value(std::move(how)); });
  grpc::Status how = status.get();
  if (options.notes != nullptr) {
    for (const auto& [name, value] : context.GetServerTrailingMetadata()) {
      const std::string word(name.data(), name.size());
      if (absl::StartsWith(word, "tsunagu-")) (*options.notes)[word] = std::string(value.data(), value.size());
    }
  }
  // Nobody here cancels, so the peer's gRPC did when it shut down.
  const bool shut = how.error_code() == grpc::StatusCode::CANCELLED && how.error_details().empty();
  return shut ? grpc::Status(grpc::StatusCode::UNAVAILABLE, how.error_message()) : how;
}

absl::Status Peer::Translate(const grpc::Status& status) const {
  if (status.error_details().empty()) {  // the error comes from gRPC itself
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
      return Fail("PEER_UNAVAILABLE"_reason, {{"service", service_}});
    }
    if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
        absl::StrContains(status.error_message(), "larger than max")) {
      return Fail("MESSAGE_TOO_LARGE"_reason);
    }
  }
  return FromGrpc(status);
}

bool Peer::TakeRetry() {
  MutexLock lock(mutex_);
  budget_ = std::max(0.0, budget_ - 1);
  if (budget_ >= options_.budget / 2) return true;
  withheld_.Add();
  return false;
}

void Peer::Succeeded() {
  MutexLock lock(mutex_);
  budget_ = std::min(options_.budget, budget_ + 0.1);
}

}  // namespace tsunagu::rpc
