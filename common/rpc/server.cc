#include "common/rpc/server.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/rpc/grpc_exchange.h"
#include "common/rpc/local_address.h"
#include "google/protobuf/stubs/logging.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"

namespace tsunagu::rpc {
namespace {

constexpr int kMetadataBytes = 16 * 1024;  // ours is 8 KB, with a reason; this is for what never gets so far
constexpr int kStreamsOfAConnection = 256;

void SetLimits(const Server::Options& options, grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("tsunagu");
  quota.SetMaxThreads(options.threads).Resize(options.memory_bytes);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(options.max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsOfAConnection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // otherwise a second server silently shares the port
  // Otherwise gRPC widens the window of a quick upload to megabytes, which wait here until somebody reads them.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  // A small message may unpack to any size before anybody looks at it.
  builder.SetDefaultCompressionAlgorithm(GRPC_COMPRESS_NONE);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 600'000);  // clients open another one when they need it
}

}  // namespace

grpc::ServerGenericBidiReactor* Server::Line::CreateReactor(grpc::GenericCallbackServerContext* context) {
  return GrpcExchange::Start(router, in_flight, in_process, *context);
}

Server::Server(const Router& router, Health* health)
    : health_(health),
      outside_(router, false),
      inside_(router, true),
      watch_(metrics::Registry::Process().Gauge("tsunagu_calls_in_flight", "Calls in progress, waiting streams included",
                                                {}, [this] { return in_flight(); })) {}

Server::~Server() { Shutdown(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Router& router, Options options) {
  if (options.credentials == nullptr && !options.trust_network && !IsLocalAddress(options.address)) {
    return absl::InvalidArgumentError(absl::StrCat(
        options.address, " ではTLSなしで待ち受けません（ほかの機械から届くため）。127.0.0.1 かUnixソケットを指定してください。\n",
        "will not listen on ", options.address, " without TLS: other machines could reach it. Choose 127.0.0.1 or a Unix ",
        "socket."));
  }
  // What protobuf says about a caller's bytes is the caller's fault, and would fill the log.
  google::protobuf::SetLogHandler([](google::protobuf::LogLevel, const char*, int, const std::string& text) {
    log::Line(log::Level::kDebug, "protobuf").Add("text", log::Harmless(text)).Write();
  });
  std::unique_ptr<Server> server(new Server(router, options.health));
  const absl::Status listening = server->Listen(options);
  if (!listening.ok()) return listening;
  if (options.health != nullptr) {
    for (const std::string& name : router.ServiceNames()) options.health->SetServing(name, true);
    for (const Module* module : router.modules()) options.health->SetServing(module->name(), true);
    options.health->SetServing("", true);
  }
  return server;
}

absl::Status Server::Listen(const Options& options) {
  const absl::Status in_use = absl::UnavailableError(
      absl::StrCat(options.address, " で待ち受けられません。ほかのプログラムが使っているか、許可されていません。--listen で変えられます。\n",
                   "cannot listen on ", options.address, ": another program does, or it is not permitted. Choose with --listen."));
  if (SomebodyListens(options.address)) return in_use;
  const auto start = [&](Line& line, grpc::ServerBuilder& builder) {
    const Router::Options& limits = line.router.options();
    line.in_flight.Open({limits.max_in_flight, limits.request_bytes, limits.answer_bytes});
    builder.RegisterCallbackGenericService(&line);
    SetLimits(options, builder);
    line.server = builder.BuildAndStart();
    return line.server != nullptr;
  };
  grpc::ServerBuilder outside, inside;
  outside.AddListeningPort(
      options.address, options.credentials != nullptr ? options.credentials : grpc::InsecureServerCredentials(),
      &port_);
  if (!start(outside_, outside) || port_ == 0) return in_use;
  if (!start(inside_, inside)) return absl::InternalError("gRPC does not start");
  address_ = options.address;
  if (absl::StartsWith(address_, "unix:")) {
    port_ = 0;
  } else {
    address_ = absl::StrCat(address_.substr(0, address_.rfind(':')), ":", port_);
  }
  return absl::OkStatus();
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() { return inside_.server->InProcessChannel({}); }

void Server::Shutdown(absl::Duration grace, absl::FunctionRef<void()> await_others) {
  MutexLock lock(mutex_);
  if (stopped_ || outside_.server == nullptr) return;
  stopped_ = true;
  const Deadline deadline = Deadline::After(grace);
  if (health_ != nullptr) health_->Drain();  // first: whoever watches still hears of it
  outside_.in_flight.Drain();
  outside_.server->Shutdown(absl::ToChronoTime(Clock::System().Now() + grace));
  await_others();
  if (inside_.server != nullptr) {
    inside_.in_flight.Drain();
    inside_.in_flight.WaitUntilEmpty(deadline);
    inside_.server->Shutdown(absl::ToChronoTime(Clock::System().Now()));
  }
  outside_.in_flight.WaitUntilEmpty();
  inside_.in_flight.WaitUntilEmpty();
}

}  // namespace tsunagu::rpc
