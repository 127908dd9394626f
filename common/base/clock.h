#ifndef TSUNAGU_COMMON_BASE_CLOCK_H_
#define TSUNAGU_COMMON_BASE_CLOCK_H_

#include <atomic>
#include <chrono>
#include <cstdint>

#include "absl/time/time.h"

namespace tsunagu {

// All code reads the time from a Clock. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  // Returns by how much the clock has been set forward since the process began; negative when it was set back. This is
  // the difference between the time the clock has gained and the machine's uptime, so every setting of the clock is
  // noticed.
  virtual absl::Duration Jumped() const = 0;

  // The machine's clock.
  static const Clock& System();
};

// Measures how long something takes. Setting the clock does not affect it.
class Stopwatch {
 public:
  absl::Duration Elapsed() const { return absl::FromChrono(std::chrono::steady_clock::now() - start_); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A clock for tests. It changes only when a test calls Advance or Jump.
class FakeClock : public Clock {
 public:
  explicit FakeClock(absl::Time start) : micros_(absl::ToUnixMicros(start)) {}
  absl::Time Now() const override { return absl::FromUnixMicros(micros_.load()); }
  absl::Duration Jumped() const override { return absl::Microseconds(jumped_.load()); }
  // Time passes.
  void Advance(absl::Duration step) { micros_ += absl::ToInt64Microseconds(step); }
  // Somebody sets the clock.
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
