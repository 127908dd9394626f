#ifndef TSUNAGU_COMMON_BASE_DEADLINE_H_
#define TSUNAGU_COMMON_BASE_DEADLINE_H_

#include <atomic>
#include <chrono>

#include "absl/time/time.h"

namespace tsunagu {

// A time that only moves forward: setting the machine's clock does not change it. Every wait and every deadline uses
// it.
class SteadyTime {
 public:
  using Point = std::chrono::steady_clock::time_point;

  static Point Now();
  // For tests: moves the time of this process forward by `step`. A running wait notices it at its next check.
  static void Advance(absl::Duration step);
  // Returns the machine's own steady time at which Now() will be `point`. The standard library's waits need it.
  static Point OnMachine(Point point);
};

// When an operation has to be over: at a time, or as soon as nobody waits for it any more. A value type: copies are
// equal and end together.
class Deadline {
 public:
  // Never over.
  constexpr Deadline() = default;
  static Deadline Never() { return Deadline(); }
  // Returns a deadline that is over at once when `patience` is negative, and never when `patience` is infinite or
  // longer than a century.
  static Deadline After(absl::Duration patience);

  bool Over() const { return Left() <= absl::ZeroDuration(); }
  // Negative when the deadline is over; infinite when it never ends.
  absl::Duration Left() const;
  // Returns a deadline that ends sooner by `by`.
  Deadline Earlier(absl::Duration by) const;
  // Returns a deadline that is also over once `ended` is true. A running wait notices it at its next check. `ended`
  // must outlive the deadline.
  Deadline OrOnce(const std::atomic<bool>& ended) const;
  SteadyTime::Point point() const { return point_; }

  friend bool operator==(Deadline a, Deadline b) { return a.point_ == b.point_; }
  friend bool operator<(Deadline a, Deadline b) { return a.point_ < b.point_; }
  friend bool operator>=(Deadline a, Deadline b) { return a.point_ >= b.point_; }

 private:
  explicit Deadline(SteadyTime::Point point, const std::atomic<bool>* ended = nullptr) : point_(point), ended_(ended) {}

  SteadyTime::Point point_ = SteadyTime::Point::max();
  const std::atomic<bool>* ended_ = nullptr;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_DEADLINE_H_
