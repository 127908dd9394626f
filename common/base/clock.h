#ifndef TSUNAGU_COMMON_BASE_CLOCK_H_
#define TSUNAGU_COMMON_BASE_CLOCK_H_

#include <atomic>
#include <chrono>
#include <cstdint>

#include "absl/time/time.h"

namespace tsunagu {

// The only place that is asked what time it is. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  // By how much it has been set on, or back where negative, since the process began. What it gains or loses on the
  // machine's uptime, so that no setting of it goes unnoticed.
  virtual absl::Duration Jumped() const = 0;

  // The machine's clock.
  static const Clock& System();
};

// How long something takes, whatever the clock is set to meanwhile.
class Stopwatch {
 public:
  absl::Duration Elapsed() const { return absl::FromChrono(std::chrono::steady_clock::now() - start_); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A clock for tests: stands still until told.
class FakeClock : public Clock {
 public:
  explicit FakeClock(absl::Time start) : micros_(absl::ToUnixMicros(start)) {}
  absl::Time Now() const override { return absl::FromUnixMicros(micros_.load()); }
  absl::Duration Jumped() const override { return absl::Microseconds(jumped_.load()); }
  // Time goes by.
  void Advance(absl::Duration step) { micros_ += absl::ToInt64Microseconds(step); }
  // Somebody sets it.
  void Jump(absl::Duration step) {
    Advance(step);
    jumped_ += absl::ToInt64Microseconds(step);
  }

 private:
  std::atomic<int64_t> micros_;
  std::atomic<int64_t> jumped_{0};
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_CLOCK_H_
