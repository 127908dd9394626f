#ifndef TSUNAGU_COMMON_JP_CIVIL_DAY_H_
#define TSUNAGU_COMMON_JP_CIVIL_DAY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/type/date.pb.h"

namespace tsunagu::jp {

// A day of the Gregorian calendar in Japan (UTC+9, no summer time). Years 1 to 9999.
using CivilDay = absl::CivilDay;

// Errors: MALFORMED_DATE if year, month or day is missing, DATE_DOES_NOT_EXIST if the calendar has no such day.
absl::Status CheckDate(const google::type::Date& date);
// `date` must have passed CheckDate.
CivilDay DayOf(const google::type::Date& date);
google::type::Date ToDate(CivilDay day);

// Reads 2025-04-01, 2025/4/1, 2025.4.1, 20250401, 2025年4月1日, R7.4.1, R7/4/1, R7-4-1, 令和7年4月1日, 令和元年5月1日,
// with the eras (元号) 明治 M, 大正 T, 昭和 S, 平成 H, 令和 R, also as 昭60.4.2 and ㍼60年4月2日. Accepts full-width
// digits and white space, around the text and between the parts of a form with 年. Errors: MALFORMED_DATE;
// DATE_DOES_NOT_EXIST; DATE_OUTSIDE_ERA (arguments era, first, last). 30 July 1912 and 25 December 1926 belong to both
// eras. 明治 is read from 1873-01-01 (明治6年), the first day of the Gregorian calendar in Japan; 令和 ends on
// 9999-12-31 until a new era is added here.
absl::StatusOr<CivilDay> ParseDay(absl::string_view text);

// Returns 2019-05-01.
std::string FormatIso(CivilDay day);
// Returns 令和元年5月1日, in the later era when two share the day; days before 1873 as 1872年12月31日.
std::string FormatWareki(CivilDay day);

// Returns the day in Japan at that instant.
CivilDay JapanDay(absl::Time time);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_CIVIL_DAY_H_
