#ifndef TSUNAGU_TESTS_WIRE_GATE_H_
#define TSUNAGU_TESTS_WIRE_GATE_H_

#include "absl/time/time.h"
#include "common/base/deadline.h"
#include "common/base/mutex.h"

namespace tsunagu::wire {

// Stops the code under test at one place until the test lets it continue. Thread-safe. Open it before the server is
// stopped.
class Gate {
 public:
  // Called by the code under test. The first arrival has number 1, and continues after Let(1).
  void Pass() {
    MutexLock lock(mutex_);
    const int number = ++arrived_;
    changed_.notify_all();
    while (!open_ && let_ < number) changed_.wait(mutex_);
  }

  void Let(int number) {
    MutexLock lock(mutex_);
    let_ = number;
    changed_.notify_all();
  }
  // Stops nobody from now on.
  void Open() {
    MutexLock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

  // Returns false if fewer than `count` have arrived within half a minute.
  bool AwaitArrived(int count) {
    const Deadline patience = Deadline::After(absl::Seconds(30));
    MutexLock lock(mutex_);
    while (arrived_ < count && !patience.Over()) changed_.wait_until(mutex_, patience);
    return arrived_ >= count;
  }
  int arrived() {
    MutexLock lock(mutex_);
    return arrived_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int arrived_ ABSL_GUARDED_BY(mutex_) = 0;
  int let_ ABSL_GUARDED_BY(mutex_) = 0;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_GATE_H_
