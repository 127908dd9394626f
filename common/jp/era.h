#ifndef TSUNAGU_COMMON_JP_ERA_H_
#define TSUNAGU_COMMON_JP_ERA_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"

namespace tsunagu::jp {

// One era (元号).
struct Era {
  absl::string_view name;  // 令和
  absl::string_view sign;  // ㋿, the name as one character
  char letter;             // R
  int first_year;          // the year that is called 元年
  absl::CivilDay first;
  absl::CivilDay last;  // inclusive
};

// The latest first. Two eras share the day on which 明治 and 大正 ended.
absl::Span<const Era> Eras();

// Returns the later era when two share the day; null before 1873.
const Era* EraOf(absl::CivilDay day);

// Returns 令和元年, 令和2年; 1872年 before 1873.
std::string EraYear(absl::CivilDay day);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_ERA_H_
