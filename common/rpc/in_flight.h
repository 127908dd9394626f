#ifndef TSUNAGU_COMMON_RPC_IN_FLIGHT_H_
#define TSUNAGU_COMMON_RPC_IN_FLIGHT_H_

#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/deadline.h"
#include "common/base/mutex.h"
#include "common/rpc/deadlines.h"
#include "common/rpc/shares.h"

namespace tsunagu::rpc {

// The calls in progress on one server. Bounds what they hold, in fair shares, and waits for their end when the server
// stops. Thread-safe.
class InFlight {
 public:
  struct Limits {
    int calls = 4096;
    int64_t request_bytes = 256 << 20;  // requests, by their size in memory
    int64_t answer_bytes = 256 << 20;   // answers that clients have not taken yet
  };

  // Accepts calls from now on.
  void Open(const Limits& limits);
  // Counts a call, refused or not: each Enter needs a Leave. Errors: SHUTTING_DOWN once closed.
  absl::Status Enter();
  void Leave();

  // Places by caller. calls(): for calls with a key, all but one sixteenth. admin(): that sixteenth, for administration
  // when nothing else works. unsent(): half, for calls whose first message has not arrived.
  Shares& calls() { return calls_; }
  Shares& admin() { return admin_; }
  Shares& unsent() { return unsent_; }
  // Places for calls without a key, a quarter as many as for all others, by peer.
  Shares& strangers() { return strangers_; }
  // Bytes by caller.
  Shares& requests() { return requests_; }
  Shares& answers() { return answers_; }

  int count() const;

  // Calls `stop` once, when draining begins, or at once if it has begun. `stop` must not wait.
  void Attend(const void* call, std::function<void()> stop);
  void Forget(const void* call);

  // The timer that ends calls that take too long.
  Deadlines& deadlines() { return deadlines_; }

  // Ends calls that wait for something; new calls are still accepted.
  void Drain();
  // Accepts no more calls.
  void Close();
  // Returns when every call that entered has left, or at `deadline`.
  void WaitUntilEmpty(Deadline deadline = Deadline::Never());

 private:
  Shares calls_{0}, admin_{0}, unsent_{0}, strangers_{0}, requests_{0}, answers_{0};
  Deadlines deadlines_;
  mutable Mutex mutex_;
  CondVar empty_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<const void*, std::function<void()>> attended_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_IN_FLIGHT_H_
