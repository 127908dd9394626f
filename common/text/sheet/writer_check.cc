#include "common/text/sheet/writer_check.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "common/text/sheet/cell.h"
#include "common/text/sheet/characters.h"

namespace tsunagu::sheet {
namespace {

constexpr size_t kSheetNameCharacters = 31;
constexpr size_t kDropDownCharacters = 255;

}  // namespace

bool IsSheetName(absl::string_view name) {
  if (name.empty() || !IsXmlText(name) || Utf16Length(name) > kSheetNameCharacters) return false;
  for (const char c : name) {
    const bool is_control = static_cast<unsigned char>(c) < 0x20;
    if (is_control || absl::StrContains("[]:*?/\\", c)) return false;
  }
  if (name.front() == '\'' || name.back() == '\'') return false;
  return !absl::EqualsIgnoreCase(name, "history") && !absl::EqualsIgnoreCase(name, "_lists");
}

absl::Status CheckText(absl::string_view text, std::string cell) {
  // Other control characters are written as escapes.
  std::string plain(text);
  for (char& c : plain) {
    if (c != '\0' && static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  if (!IsXmlText(plain)) return Fail("CELL_CHARACTERS_NOT_ALLOWED"_reason, {{"cell", std::move(cell)}});
  if (Utf16Length(text) > static_cast<size_t>(kExcelCellCharacters)) {
    return Fail("CELL_TOO_LONG"_reason, {{"cell", std::move(cell)}, {"max", absl::StrCat(kExcelCellCharacters)}});
  }
  return absl::OkStatus();
}

bool FitsIntoDropDown(const std::vector<std::string>& choices) {
  size_t length = choices.empty() ? 0 : choices.size() - 1;
  for (const std::string& choice : choices) {
    length += Utf16Length(choice);
    const bool has_space_at_end = absl::StripAsciiWhitespace(choice) != choice;
    const bool has_mark = choice.find_first_of(",\"\n\r\t_") != std::string::npos;
    if (choice.empty() || has_space_at_end || has_mark) return false;
  }
  return length <= kDropDownCharacters;
}

std::string ListRange(absl::string_view sheet, size_t column, size_t count) {
  const std::string letters = absl::StrReplaceAll(CellName(static_cast<int64_t>(column), 0), {{"0", ""}});
  return absl::StrCat("=", sheet, "!$", letters, "$1:$", letters, "$", count);
}

}  // namespace tsunagu::sheet
