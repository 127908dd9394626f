#include "tests/bench/load.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "tests/bench/measure.h"
#include "tests/process/process.h"

namespace tsunagu::bench {
namespace {

constexpr int kConnections = 4;

// Returns the processor time used by the process so far, by its threads and by the kernel for it.
double ProcessorSeconds(pid_t pid) {
  const std::string stat = process::ReadFile(absl::StrCat("/proc/", pid, "/stat"));
  const std::vector<std::string> fields = absl::StrSplit(stat.substr(std::min(stat.rfind(')'), stat.size())), ' ');
  int64_t user = 0, kernel = 0;
  const bool read = fields.size() > 13 && absl::SimpleAtoi(fields[12], &user) && absl::SimpleAtoi(fields[13], &kernel);
  Require(read, "the server is gone");
  return static_cast<double>(user + kernel) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

struct OneCall {
  grpc::ClientContext context;
  grpc::ByteBuffer answer;
  grpc::Status status;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
};

class Run {
 public:
  Run(const Load& load, const std::vector<std::shared_ptr<grpc::Channel>>& channels, int64_t& sent)
      : load_(load), sent_(sent) {
    for (const auto& channel : channels) stubs_.emplace_back(std::make_unique<grpc::GenericStub>(channel));
  }

  int64_t Until(absl::Time end) {
    for (int i = 0; i < load_.in_flight; ++i) Send();
    int64_t answered = 0;
    for (absl::Time now = Clock::System().Now(); now < end; now = Clock::System().Now()) {
      for (; !again_.empty() && *again_.begin() <= now; again_.erase(again_.begin())) Send();
      switch (Take(again_.empty() ? end : std::min(end, *again_.begin()))) {
        case Taken::kAnswer:
          ++answered;
          Send();
          break;
        case Taken::kRefusal:
          again_.insert(
              now + (load_.heeds_refusals ? absl::Seconds(1) + absl::Milliseconds(sent_ % 500) : absl::ZeroDuration()));
          break;
        case Taken::kNothing:
          break;
      }
    }
    if (refused_ > 0) std::fprintf(stderr, "%s: %d refused as too busy\n", load_.method.c_str(), refused_);
    while (under_way_ > 0) Take(absl::InfiniteFuture());
    queue_.Shutdown();
    return answered;
  }

 private:
  void Send() {
    auto* call = new OneCall;
    if (!load_.api_key.empty()) call->context.AddMetadata("authorization", absl::StrCat("Bearer ", load_.api_key));
    if (!load_.purpose.empty()) call->context.AddMetadata("tsunagu-purpose", load_.purpose);
    grpc::Slice slice(load_.request(sent_));
    grpc::GenericStub& stub = *stubs_[static_cast<size_t>(sent_++) % stubs_.size()];
    call->reader = stub.PrepareUnaryCall(&call->context, load_.method, grpc::ByteBuffer(&slice, 1), &queue_);
    ++under_way_;
    call->reader->StartCall();
    call->reader->Finish(&call->answer, &call->status, call);
  }

  enum class Taken { kAnswer, kRefusal, kNothing };

  // Waits for the end of one call; returns nothing if none ends by `deadline`.
  Taken Take(absl::Time deadline) {
    void* tag = nullptr;
    bool ok = false;
    const auto next = queue_.AsyncNext(&tag, &ok, absl::ToChronoTime(deadline));
    if (next == grpc::CompletionQueue::TIMEOUT) return Taken::kNothing;
    Require(next == grpc::CompletionQueue::GOT_EVENT, "the queue of answers ended");
    --under_way_;
    const std::unique_ptr<OneCall> call(static_cast<OneCall*>(tag));
    if (call->status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      ++refused_;
      return Taken::kRefusal;
    }
    if (!call->status.ok()) GiveUp(absl::StrCat(load_.method, ": ", call->status.error_message()));
    Require(call->answer.Length() > 0, "an empty answer");
    return Taken::kAnswer;
  }

  const Load& load_;
  int64_t& sent_;
  int refused_ = 0, under_way_ = 0;
  std::multiset<absl::Time> again_;  // when refused calls are repeated
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  grpc::CompletionQueue queue_;
};

}  // namespace

Target::Target(const std::string& address, pid_t pid) : pid_(pid) {
  for (int i = 0; i < kConnections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channels_.push_back(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }
}

double Target::Rate(const Load& load, absl::Duration duration) {
  Run(load, channels_, sent_).Until(Clock::System().Now() + duration / 8);  // fills caches, opens connections
  const double before = ProcessorSeconds(pid_);
  const absl::Time start = Clock::System().Now();
  const int64_t answered = Run(load, channels_, sent_).Until(start + duration);
  per_processor_second_ = static_cast<double>(answered) / (ProcessorSeconds(pid_) - before);
  return static_cast<double>(answered) / absl::ToDoubleSeconds(duration);
}

}  // namespace tsunagu::bench
