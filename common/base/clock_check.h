#ifndef TSUNAGU_COMMON_BASE_CLOCK_CHECK_H_
#define TSUNAGU_COMMON_BASE_CLOCK_CHECK_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace tsunagu {

// How far a clock may be set without harm: another zone's summer time, a slow correction.
constexpr absl::Duration kHarmlessJump = absl::Hours(1);

// Errors: CLOCK_JUMPED while the clock has been set by more than kHarmlessJump: everything written now would carry a
// wrong time for ever.
absl::Status CheckClock(const Clock& clock);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_CLOCK_CHECK_H_
