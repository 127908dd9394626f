#include "common/base/clock_check.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace tsunagu {

absl::Status CheckClock(const Clock& clock) {
  const absl::Duration jumped = clock.Jumped();
  if (absl::AbsDuration(jumped) < kHarmlessJump) return absl::OkStatus();
  return Fail("CLOCK_JUMPED"_reason, {{"hours", absl::StrCat(absl::ToInt64Hours(jumped))}});
}

}  // namespace tsunagu
