#ifndef TSUNAGU_COMMON_TEXT_CELL_VALUES_H_
#define TSUNAGU_COMMON_TEXT_CELL_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"

// Reads values as people and spreadsheets write them into cells. A clear value is accepted, a doubtful one is accepted
// with a warning, and everything else is refused, with the cause when it is known. Cells are passed without space
// around them.
namespace tsunagu {

// Returns the cell without white space at either end, ideographic and no-break space included.
std::string TrimmedCell(absl::string_view cell);

// Reads a whole number: 1200, 1,200, １，２００, 1200.0. Errors: NUMBER_WITH_EXPONENT for 1E3, MALFORMED_VALUE.
absl::StatusOr<int64_t> ReadWholeNumber(absl::string_view cell);

// Reads true 1 Y yes はい ○ 〇 ◯ ✓ ✔ 有 有り あり; false 0 N no いいえ × ✕ ✗ 無 無し なし; in full width and in
// capitals too. Errors: MALFORMED_VALUE.
absl::StatusOr<bool> ReadYesOrNo(absl::string_view cell);

// Reads a day as jp::ParseDay does, also followed by a midnight (2024-04-01T00:00:00, 2024/4/1 0:00), which
// spreadsheets add. Five digits are the serial number of a spreadsheet (1900 system, 1927 to 2099); `warning` is then
// DATE_FROM_SERIAL. Errors: DATE_WITH_TIME; DATE_ORDER_UNCLEAR for 4/1/2024 and 24/4/1; DATE_REWRITTEN for Apr-85;
// those of ParseDay.
absl::StatusOr<jp::CivilDay> ReadDay(absl::string_view cell, Reason& warning);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_CELL_VALUES_H_
