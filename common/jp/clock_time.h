#ifndef TSUNAGU_COMMON_JP_CLOCK_TIME_H_
#define TSUNAGU_COMMON_JP_CLOCK_TIME_H_

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace tsunagu::jp {

constexpr int kMinutesOfDay = 24 * 60;

// Returns the minute of the day for "9:30", "09:30" or, as in workbooks, "09:30:00"; 1440 for 24:00.
absl::optional<int> MinuteOfDay(absl::string_view time);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_CLOCK_TIME_H_
