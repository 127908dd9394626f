#ifndef TSUNAGU_COMMON_JP_MONTHS_H_
#define TSUNAGU_COMMON_JP_MONTHS_H_

#include <algorithm>

#include "common/jp/civil_day.h"

namespace tsunagu::jp {

// Returns the same day of the month, `months` months later, or the last day of that month when it is shorter.
inline CivilDay MonthsAfter(CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  const CivilDay last = CivilDay(month + 1) - 1;
  return std::min(last, CivilDay(month) + (day.day() - 1));
}

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_MONTHS_H_
