#ifndef TSUNAGU_COMMON_ACCESS_KEY_MISSES_H_
#define TSUNAGU_COMMON_ACCESS_KEY_MISSES_H_

#include "absl/time/time.h"
#include "common/base/mutex.h"

namespace tsunagu::access {

// Limits how often the database is asked about unknown keys. Another process may have made such a key just now;
// somebody who guesses keys gets a look-up now and then, and costs no more than that. Thread-safe.
class KeyMisses {
 public:
  static constexpr int kAtOnce = 10;
  static constexpr absl::Duration kOneMoreEvery = absl::Milliseconds(200);

  // Takes one of the remaining look-ups. Returns false when none remains, or while another thread looks up. Call End()
  // after true.
  bool Begin(absl::Time now);
  void End();

 private:
  Mutex mutex_;
  bool looking_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time next_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();  // when all look-ups will be available again
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_KEY_MISSES_H_
