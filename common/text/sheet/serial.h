#ifndef TSUNAGU_COMMON_TEXT_SHEET_SERIAL_H_
#define TSUNAGU_COMMON_TEXT_SHEET_SERIAL_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/text/sheet/cell.h"
#include "common/text/sheet/styles.h"

// Numbers as spreadsheets store them: binary floating point, of which people see 15 digits. Days are numbers that count
// from 1900 or 1904, with the time of day as the fraction.
namespace tsunagu::sheet {

// Reads a decimal number, with or without exponent; returns nothing for infinity, NaN and everything else.
absl::optional<double> ParseNumber(absl::string_view text);

// Returns the shortest text that gives this number again, as Cell describes it: integers below 2^53 in full, everything
// else with at most 15 digits. Excel keeps no more digits of what is typed, so that 0.1 + 0.2 is 0.3.
std::string FormatNumber(double number);

struct Shown {
  CellKind kind = CellKind::kNumber;
  std::string text;
};

// Returns what a number means under a number format. A value that a calendar does not have (below 0, after 9999-12-31,
// day 0 of 1900) stays a number. The time of day is rounded to seconds. A format without time drops it, and a format
// with time shows a time of day for numbers below 1. Day 60 of 1900 is 1900-02-29, as Excel shows it; that day did not
// exist, so code that checks days will refuse it.
Shown ShowNumber(double number, DateStyle style, bool date1904);

// Returns the number of "2024-04-01", from 1900-01-01 to 9999-12-31 in the 1900 system; nothing for any other text.
absl::optional<double> SerialOfDate(absl::string_view text);
// The same for "2024-04-01T09:30:00".
absl::optional<double> SerialOfDateTime(absl::string_view text);

// Returns the value of a cell of type "d", which is ISO 8601 text: a date, a date and time (fractions of seconds and a
// final Z are dropped) or a time. Everything else is text.
Shown ShowIsoText(absl::string_view text);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_SERIAL_H_
