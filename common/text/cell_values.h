#ifndef TSUNAGU_COMMON_TEXT_CELL_VALUES_H_
#define TSUNAGU_COMMON_TEXT_CELL_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"

// Values as people and spreadsheets write them into cells. What is beyond doubt is taken in silence, what could be
// doubted with a warning; the rest is refused, saying why where that is known. Cells come without space around them.
namespace tsunagu {

// A cell without white space at either end, ideographic and no-break space included.
std::string TrimmedCell(absl::string_view cell);

// A whole number: 1200, 1,200, １，２００, 1200.0. NUMBER_WITH_EXPONENT for 1E3, MALFORMED_VALUE.
absl::StatusOr<int64_t> ReadWholeNumber(absl::string_view cell);

// true 1 Y yes はい ○ 〇 ◯ ✓ ✔ 有 有り あり; false 0 N no いいえ × ✕ ✗ 無 無し なし; in full width and in capitals too.
// MALFORMED_VALUE.
absl::StatusOr<bool> ReadYesOrNo(absl::string_view cell);

// A day as jp::ParseDay reads it, also with a midnight behind it (2024-04-01T00:00:00, 2024/4/1 0:00), which
// spreadsheets add. Five digits are the serial number of a spreadsheet (1900 system, 1927 to 2099): `warning` is then
// DATE_FROM_SERIAL. DATE_WITH_TIME; DATE_ORDER_UNCLEAR for 4/1/2024 and 24/4/1; DATE_REWRITTEN for Apr-85; errors as
// ParseDay.
absl::StatusOr<jp::CivilDay> ReadDay(absl::string_view cell, Reason& warning);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_CELL_VALUES_H_
