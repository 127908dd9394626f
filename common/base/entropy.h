#ifndef TSUNAGU_COMMON_BASE_ENTROPY_H_
#define TSUNAGU_COMMON_BASE_ENTROPY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/base/digest.h"
#include "common/base/mutex.h"

namespace tsunagu {

// Source of random bytes. Thread-safe.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual std::string Bytes(size_t count) = 0;

  // The operating system's random bytes.
  static Entropy& System();
};

// Returns the same bytes for the same seed: for tests that have to be repeatable.
class SeededEntropy : public Entropy {
 public:
  explicit SeededEntropy(uint64_t seed) : seed_(seed) {}
  std::string Bytes(size_t count) override;

 private:
  const uint64_t seed_;
  Mutex mutex_;
  uint64_t drawn_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Returns a fresh id of 26 lower-case letters and digits that sorts by time (48 bits of milliseconds, 80 random bits).
std::string NewId(absl::Time now, Entropy& entropy);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_ENTROPY_H_
