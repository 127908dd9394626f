#include "common/base/deadline.h"

namespace tsunagu {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr absl::Duration kCentury = absl::Hours(24 * 365 * 100);

std::atomic<int64_t> advanced_nanoseconds{0};

}  // namespace

SteadyTime::Point SteadyTime::Now() { return steady_clock::now() + nanoseconds(advanced_nanoseconds.load()); }

void SteadyTime::Advance(absl::Duration step) { advanced_nanoseconds += absl::ToInt64Nanoseconds(step); }

SteadyTime::Point SteadyTime::OnMachine(Point point) {
  return point == Point::max() ? point : point - nanoseconds(advanced_nanoseconds.load());
}

Deadline Deadline::After(absl::Duration patience) {
  if (patience > kCentury) return Never();
  if (patience < absl::ZeroDuration()) patience = absl::ZeroDuration();
  return Deadline(SteadyTime::Now() + absl::ToChronoNanoseconds(patience));
}

absl::Duration Deadline::Left() const {
  if (ended_ != nullptr && ended_->load(std::memory_order_relaxed)) return -absl::Nanoseconds(1);
  if (*this == Never()) return absl::InfiniteDuration();
  return absl::FromChrono(point_ - SteadyTime::Now());
}

Deadline Deadline::Earlier(absl::Duration by) const {
  return *this == Never() ? *this : Deadline(point_ - absl::ToChronoNanoseconds(by), ended_);
}

Deadline Deadline::OrOnce(const std::atomic<bool>& ended) const { return Deadline(point_, &ended); }

}  // namespace tsunagu
