#ifndef TSUNAGU_COMMON_TEXT_SHEET_WRITER_CHECK_H_
#define TSUNAGU_COMMON_TEXT_SHEET_WRITER_CHECK_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Checks that keep the writer from writing what Excel cannot open: Excel then calls the whole file damaged.
namespace tsunagu::sheet {

// Returns whether Excel accepts `name` as the name of a sheet, beside the sheet that the writer adds.
bool IsSheetName(absl::string_view name);

// Errors: CELL_CHARACTERS_NOT_ALLOWED {cell} for text that is not UTF-8 or has NUL, U+FFFE or U+FFFF; CELL_TOO_LONG
// {cell, max}.
absl::Status CheckText(absl::string_view text, std::string cell);

// Returns whether a drop-down can hold the choices itself. There they are a list with commas, of at most 255
// characters, and Excel drops the spaces at their ends.
bool FitsIntoDropDown(const std::vector<std::string>& choices);

// Returns "=_lists!$B$1:$B$47". `column` counts from 1.
std::string ListRange(absl::string_view sheet, size_t column, size_t count);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_WRITER_CHECK_H_
