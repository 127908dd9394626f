#include "common/access/key_misses.h"

#include <algorithm>

namespace tsunagu::access {

bool KeyMisses::Begin(absl::Time now) {
  MutexLock lock(mutex_);
  // After the clock was set back, all look-ups count as used, but no longer than they take to recover.
  const absl::Time spent = now + kAtOnce * kOneMoreEvery;
  next_ = std::min(std::max(next_, now), spent);
  if (looking_ || next_ + kOneMoreEvery > spent) return false;
  next_ += kOneMoreEvery;
  looking_ = true;
  return true;
}

void KeyMisses::End() {
  MutexLock lock(mutex_);
  looking_ = false;
}

}  // namespace tsunagu::access
