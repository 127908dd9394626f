#ifndef TSUNAGU_COMMON_RPC_ADMISSION_H_
#define TSUNAGU_COMMON_RPC_ADMISSION_H_

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/executor.h"
#include "common/base/metrics.h"
#include "common/base/mutex.h"
#include "common/rpc/call_costs.h"
#include "common/rpc/limit.h"
#include "common/rpc/shares.h"

namespace tsunagu::rpc {

// Which calls one module takes on, before their messages are read: a limit per lane that follows the wait for its
// executor's threads, and a bound on open streams; of each a fair share for each caller, in which calls of callers that
// take long count for several. Thread-safe.
class Admission {
 public:
  struct Options {
    absl::Duration target_wait = absl::Milliseconds(20);
    int streams_of_caller = 32;
    int streams = 512;
    int quick = 2048;
  };

  // How a call takes up room: a thread now and then, as a stream that may wait for hours, or none at all.
  enum class Kind { kWork, kStream, kQuick };

  // `executor` outlives it; `service` is the label of its metrics.
  Admission(const std::string& service, const Executor& executor, Options options);

  // A call that was taken on; counted out when this goes.
  class Ticket {
   public:
    // The call stood in the executor's queue for so long.
    void Waited(absl::Duration wait);
    // It was dropped there, because its time was over.
    void Dropped();
    // It has used so much of the processor.
    void Used(absl::Duration time);

   private:
    friend class Admission;
    Admission* admission_ = nullptr;
    Lane lane_ = Lane::kInteractive;
    std::string caller_;
    Shares::Part place_;
  };

  // TOO_BUSY, CALLER_TOO_BUSY, TOO_MANY_STREAMS. `caller` is the principal for whom the work is done.
  absl::StatusOr<Ticket> Enter(Lane lane, Kind kind, const std::string& caller);

  int limit(Lane lane) const;
  int in_progress(Lane lane) const;

 private:
  struct Group {
    Shares places{0};
    LimitRule rule;
    Mutex mutex;
    LimitWindow window ABSL_GUARDED_BY(mutex);
    Stopwatch opened ABSL_GUARDED_BY(mutex);
    metrics::Histogram* wait = nullptr;   // of a lane
    metrics::Counter* dropped = nullptr;  // of a lane
    metrics::Counter* full = nullptr;     // refused for all
    metrics::Counter* unfair = nullptr;   // refused for one
  };

  absl::Status Refuse(Group& group, absl::Status why);
  Group& GroupOf(Lane lane, Kind kind);
  void Measure(const std::string& service, const char* workload, Group& group);
  void MeasureExecutor(const std::string& service);

  const Executor& executor_;
  const Options options_;
  std::array<Group, kLanes> lanes_;
  Group streams_;
  Group quick_;
  CallCosts costs_;
  std::vector<metrics::Registry::Watch> watches_;
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_ADMISSION_H_
