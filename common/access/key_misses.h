#ifndef TSUNAGU_COMMON_ACCESS_KEY_MISSES_H_
#define TSUNAGU_COMMON_ACCESS_KEY_MISSES_H_

#include "absl/time/time.h"
#include "common/base/mutex.h"

namespace tsunagu::access {

// How often the database is asked about a key that is not known. Another process may have made it just now; whoever
// guesses keys gets a look now and then, and costs no more than that. Thread-safe.
class KeyMisses {
 public:
  static constexpr int kAtOnce = 10;
  static constexpr absl::Duration kOneMoreEvery = absl::Milliseconds(200);

  // Takes one of the looks that are left. False where there is none, or while somebody else looks.
  bool Begin(absl::Time now);
  void End();

 private:
  Mutex mutex_;
  bool looking_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time next_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();  // when all looks will be there again
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_KEY_MISSES_H_
