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

// Decides which calls one module accepts, before their messages are read. Each lane has a limit that follows the wait
// for the executor's threads; open streams have a fixed limit. Each caller gets a fair share of both; a call of a
// caller whose calls take long counts as several calls. Thread-safe.
class Admission {
 public:
  struct Options {
    absl::Duration target_wait = absl::Milliseconds(20);
    int streams_of_caller = 32;
    int streams = 512;
    int quick = 2048;
  };

  // What a call occupies: a thread now and then (kWork), a stream that may wait for hours (kStream), or no thread at
  // all (kQuick).
  enum class Kind { kWork, kStream, kQuick };

  // `executor` must outlive this object; `service` is the label of the metrics.
  Admission(const std::string& service, const Executor& executor, Options options);

  // An accepted call. Its place is released when the ticket is destroyed.
  class Ticket {
   public:
    // The call waited in the executor's queue for `wait`.
    void Waited(absl::Duration wait);
    // The call was dropped from the queue, because its deadline was over.
    void Dropped();
    // The call has used `time` of the processor.
    void Used(absl::Duration time);

   private:
    friend class Admission;
    Admission* admission_ = nullptr;
    Lane lane_ = Lane::kInteractive;
    std::string caller_;
    Shares::Part place_;
  };

  // Errors: TOO_BUSY, CALLER_TOO_BUSY, TOO_MANY_STREAMS. `caller` is the principal for whom the work is done.
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
    metrics::Histogram* wait = nullptr;   // for a lane
    metrics::Counter* dropped = nullptr;  // for a lane
    metrics::Counter* full = nullptr;     // refusals because the limit was reached
    metrics::Counter* unfair = nullptr;   // refusals because the caller had its share
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
