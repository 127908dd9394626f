#ifndef TSUNAGU_COMMON_TEXT_SHEET_SERIAL_H_
#define TSUNAGU_COMMON_TEXT_SHEET_SERIAL_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/text/sheet/cell.h"
#include "common/text/sheet/styles.h"

// Numbers as spreadsheets store them: binary floating point, of which people see 15 digits; and days, which are numbers
// that count from 1900 or 1904, with the time of day as their fraction.
namespace tsunagu::sheet {

// A decimal number, with or without exponent; nothing for infinity, NaN and everything else.
absl::optional<double> ParseNumber(absl::string_view text);

// The shortest text that gives this number again; integers below 2^53 in full, everything else with at most 15 digits,
// which are all that Excel keeps of what is typed, so that 0.1 + 0.2 is 0.3. As Cell describes it.
std::string FormatNumber(double number);

struct Shown {
  CellKind kind = CellKind::kNumber;
  std::string text;
};

// What a number means under a number format. Whatever a calendar does not have (below 0, behind 9999-12-31, day 0 of
// 1900) stays a number. The time of day is rounded to seconds; it is dropped under a format without time, and a format
// of time shows a time of day for numbers below 1.
// Day 60 of 1900 is 1900-02-29, as Excel shows it: that day never was, so whoever checks days will refuse it.
Shown ShowNumber(double number, DateStyle style, bool date1904);

// The number of "2024-04-01", from 1900-01-01 to 9999-12-31 in the 1900 system. Nothing for any other text.
absl::optional<double> SerialOfDate(absl::string_view text);
// The same of "2024-04-01T09:30:00".
absl::optional<double> SerialOfDateTime(absl::string_view text);

// What a cell of type "d" holds, which is ISO 8601 text: a date, a date and time (fractions of seconds and a final Z
// are dropped) or a time. Everything else is text.
Shown ShowIsoText(absl::string_view text);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_SERIAL_H_
