#ifndef TSUNAGU_COMMON_TEXT_SHEET_CELL_H_
#define TSUNAGU_COMMON_TEXT_SHEET_CELL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tsunagu::sheet {

enum class CellKind { kEmpty, kText, kNumber, kDate, kDateTime, kTime, kBool, kError };

// A value as a person would type it:
//   kText      as it stands
//   kNumber    12, -0.5; never with separators, an exponent only beyond 21 digits or below 1e-15
//   kDate      2024-04-01
//   kDateTime  2024-04-01T09:30:00
//   kTime      09:30:00; a sum of hours may go beyond 24: 36:00:00
//   kBool      TRUE, FALSE
//   kError     #N/A
struct Cell {
  CellKind kind = CellKind::kEmpty;
  std::string text;
  // The value comes from a formula. It is the value stored in the file: nothing is computed here. It may be the empty
  // text. The kind is kEmpty when the file holds no value, because some programs write formulas without their values.
  bool formula = false;
  // "B12".
  std::string reference;
};

struct Row {
  // The row number that the spreadsheet shows, from 1.
  int64_t number = 0;
  // From column A, without gaps, up to the last cell with a value or a formula.
  std::vector<Cell> cells;
};

// Returns "B12". Column and row count from 1.
std::string CellName(int64_t column, int64_t row);

struct Place {
  int64_t column = 0;
  int64_t row = 0;
};
// Returns the place of "B12"; zeros when the text is not the name of a cell that Excel can have.
Place PlaceOf(absl::string_view name);

constexpr int64_t kExcelRows = 1'048'576;
constexpr int64_t kExcelColumns = 16'384;
constexpr int64_t kExcelCellCharacters = 32'767;

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_CELL_H_
