#ifndef TSUNAGU_COMMON_RPC_LINK_H_
#define TSUNAGU_COMMON_RPC_LINK_H_

#include "common/base/mutex.h"

namespace tsunagu::rpc {

// A reference to a target that may have been destroyed: a wake-up, a timer and a drain may all come too late. The
// holder of a link does not own the target, so the target is never destroyed on the holder's thread. Thread-safe.
template <class Target>
class Link {
 public:
  explicit Link(Target& target) : target_(&target) {}

  // Does nothing after Cut.
  void Do(void (Target::*action)()) {
    MutexLock lock(mutex_);
    if (target_ != nullptr) (target_->*action)();
  }

  // Waits for a running Do; must not be called from one.
  void Cut() {
    MutexLock lock(mutex_);
    target_ = nullptr;
  }

 private:
  Mutex mutex_;
  Target* target_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_LINK_H_
