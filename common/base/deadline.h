#ifndef TSUNAGU_COMMON_BASE_DEADLINE_H_
#define TSUNAGU_COMMON_BASE_DEADLINE_H_

#include <atomic>
#include <chrono>

#include "absl/time/time.h"

namespace tsunagu {

// Time that only goes on: setting the machine's clock does not change it. Every wait and every deadline uses it.
class SteadyTime {
 public:
  using Point = std::chrono::steady_clock::time_point;

  static Point Now();
  // For tests: moves this process on by `step`. Waits that have begun notice it when they next look.
  static void Advance(absl::Duration step);
  // The machine's own steady time at which Now() will be `point`, for the standard library's waits.
  static Point OnMachine(Point point);
};

// When something has to be over: at a time, or as soon as nobody waits for it. A value; the same for everybody who is
// handed it on.
class Deadline {
 public:
  // Never over.
  constexpr Deadline() = default;
  static Deadline Never() { return Deadline(); }
  // Over at once where `patience` is negative; never over where it is infinite, or longer than a century.
  static Deadline After(absl::Duration patience);

  bool Over() const { return Left() <= absl::ZeroDuration(); }
  // Negative where it is over; infinite where it is never over.
  absl::Duration Left() const;
  // One that is over by so much sooner.
  Deadline Earlier(absl::Duration by) const;
  // One that is also over once `ended` says so; what waits for a time notices it when it next looks. `ended` outlives
  // it.
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
