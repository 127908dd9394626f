#ifndef TSUNAGU_COMMON_RPC_IN_FLIGHT_H_
#define TSUNAGU_COMMON_RPC_IN_FLIGHT_H_

#include <functional>
#include <map>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/deadline.h"
#include "common/base/mutex.h"
#include "common/rpc/deadlines.h"

namespace tsunagu::rpc {

// The calls in progress on one server: bounded, and seen to their end when it stops. Thread-safe.
class InFlight {
 public:
  // Takes calls from now on, at most `limit` at a time.
  void Open(int limit);
  // Counts a call in, refused or not: each Enter needs a Leave. TOO_BUSY over the limit, SHUTTING_DOWN once draining.
  absl::Status Enter();
  // Keeps the last places for calls that matter when nothing else works: TOO_BUSY when only those are left.
  absl::Status KeepReserve();
  void Leave();
  int count() const;

  // `stop` is called once when draining begins, or at once if it has begun. It must not wait.
  void Attend(const void* call, std::function<void()> stop);
  void Forget(const void* call);

  // What ends calls that take too long.
  Deadlines& deadlines() { return deadlines_; }

  void Drain();
  // Returns when every call that entered has left, or at `deadline`.
  void WaitUntilEmpty(Deadline deadline = Deadline::Never());

 private:
  Deadlines deadlines_;
  mutable Mutex mutex_;
  CondVar empty_;
  int limit_ ABSL_GUARDED_BY(mutex_) = 0;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<const void*, std::function<void()>> attended_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_IN_FLIGHT_H_
