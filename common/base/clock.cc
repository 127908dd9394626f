#include "common/base/clock.h"

#include <time.h>

#include "absl/time/clock.h"

namespace tsunagu {
namespace {

// CLOCK_BOOTTIME continues while the machine sleeps, unlike the steady clock.
absl::Duration Uptime() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return absl::DurationFromTimespec(time);
}

class SystemClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
  absl::Duration Jumped() const override { return (Now() - began_) - (Uptime() - uptime_); }

 private:
  const absl::Time began_ = absl::Now();
  const absl::Duration uptime_ = Uptime();
};

}  // namespace

const Clock& Clock::System() {
  static const SystemClock clock;
  return clock;
}

}  // namespace tsunagu
