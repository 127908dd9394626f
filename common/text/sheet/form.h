#ifndef TSUNAGU_COMMON_TEXT_SHEET_FORM_H_
#define TSUNAGU_COMMON_TEXT_SHEET_FORM_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

// A sheet that people fill in, as opposed to a table: cells at given places, merged headings, and everything locked
// except the cells to be filled in.
namespace tsunagu::sheet {

struct FormCell {
  enum class Look { kSmall, kTitle, kLabel, kPlain, kHeading, kBox, kAnswer };
  enum class Kind { kText, kInteger, kDate, kChoice };

  int row = 1, column = 1;    // from 1
  int rows = 1, columns = 1;  // more than one: merged
  // As Cell describes it. A text that does not fit the cell's kind stays text.
  std::string text;
  Look look = Look::kPlain;
  // For answers, the only cells that are not locked: what people may type. A choice has a drop-down.
  Kind kind = Kind::kText;
  std::vector<std::string> choices;
};

struct Form {
  // As Layout's.
  std::string sheet_name;
  // In characters of half width, from column A on.
  std::vector<int> widths;
  std::vector<FormCell> cells;
  // This row and the rows above it stay visible when scrolling; 0: none.
  int heading_row = 0;
  // The message for a value that is not permitted.
  std::string refusal_title, refusal_text;
  // Equal input gives equal bytes.
  absl::Time created = absl::FromUnixSeconds(315532800);
};

// Writes the workbook to `path`, on paper A4, one page wide. The sheet is protected without a password: this prevents
// mistakes, but keeps nobody out. Errors: SHEET_NAME_NOT_ALLOWED, CELL_CHARACTERS_NOT_ALLOWED, CELL_TOO_LONG,
// TEMPORARY_FILE_FAILED.
absl::Status WriteForm(const Form& form, const std::string& path);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_FORM_H_
