#ifndef TSUNAGU_COMMON_TEXT_SHEET_WRITER_CHECK_H_
#define TSUNAGU_COMMON_TEXT_SHEET_WRITER_CHECK_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// What Excel would not open must not be written: it then calls the whole file damaged.
namespace tsunagu::sheet {

// Whether Excel takes it as the name of a sheet, beside the sheet that the writer adds.
bool IsSheetName(absl::string_view name);

// CELL_CHARACTERS_NOT_ALLOWED {cell}: not UTF-8, NUL, U+FFFE or U+FFFF. CELL_TOO_LONG {cell, max}.
absl::Status CheckText(absl::string_view text, std::string cell);

// Whether a drop-down can hold the choices itself: there they are a list with commas, of at most 255 characters, and
// Excel drops the spaces at their ends.
bool FitsIntoDropDown(const std::vector<std::string>& choices);

// "=_lists!$B$1:$B$47", for a column that counts from 1.
std::string ListRange(absl::string_view sheet, size_t column, size_t count);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_WRITER_CHECK_H_
