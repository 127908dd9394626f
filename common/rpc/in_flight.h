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

// The calls in progress on one server: what they hold is bounded, in fair shares, and when it stops they are seen to
// their end. Thread-safe.
class InFlight {
 public:
  struct Limits {
    int calls = 4096;
    int64_t request_bytes = 256 << 20;  // of requests, as they lie in memory
    int64_t answer_bytes = 256 << 20;   // of answers that clients have not taken yet
  };

  // Takes calls from now on.
  void Open(const Limits& limits);
  // Counts a call in, refused or not: each Enter needs a Leave. SHUTTING_DOWN once closed.
  absl::Status Enter();
  void Leave();

  // Places, by caller: of calls with a key, all but the last sixteenth; that sixteenth, for what matters when nothing
  // else works; and half, of those whose first message has not come.
  Shares& calls() { return calls_; }
  Shares& admin() { return admin_; }
  Shares& unsent() { return unsent_; }
  // Places for calls without a key, a quarter as many as for all others; by peer.
  Shares& strangers() { return strangers_; }
  // Bytes, by caller.
  Shares& requests() { return requests_; }
  Shares& answers() { return answers_; }

  int count() const;

  // `stop` is called once when draining begins, or at once if it has begun. It must not wait.
  void Attend(const void* call, std::function<void()> stop);
  void Forget(const void* call);

  // What ends calls that take too long.
  Deadlines& deadlines() { return deadlines_; }

  // Calls that wait for something end; what still comes is taken.
  void Drain();
  // Nothing more is taken.
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
