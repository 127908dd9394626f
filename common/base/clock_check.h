#ifndef TSUNAGU_COMMON_BASE_CLOCK_CHECK_H_
#define TSUNAGU_COMMON_BASE_CLOCK_CHECK_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace tsunagu {

// How far a clock may be set without harm: summer time elsewhere, a slow correction.
constexpr absl::Duration kHarmlessJump = absl::Hours(1);

// CLOCK_JUMPED while the clock is hours away from where it should be: what is written now would get a time that is
// wrong for ever.
absl::Status CheckClock(const Clock& clock);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_CLOCK_CHECK_H_
