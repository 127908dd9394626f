#include "services/suite/text_table.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/jp/code_points.h"

namespace tsunagu::suite {
namespace {

int WidthOf(char32_t c) {
  switch (u_charType(static_cast<UChar32>(c))) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR:
      return 0;
    default:
      break;
  }
  const int width = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

std::string Padded(const std::string& cell, int width, bool number) {
  const std::string space(std::max(0, width - DisplayWidth(cell)), ' ');
  return number ? space + cell : cell + space;
}

}  // namespace

int DisplayWidth(absl::string_view utf8) {
  int width = 0;
  for (const char32_t c : jp::ToCodePoints(utf8)) width += WidthOf(c);
  return width;
}

std::string FitWidth(absl::string_view utf8, int width) {
  if (DisplayWidth(utf8) <= width) return std::string(utf8);
  std::u32string kept;
  int left = width - 1;  // for …
  for (const char32_t c : jp::ToCodePoints(utf8)) {
    left -= WidthOf(c);
    if (left < 0) break;
    kept.push_back(c);
  }
  return jp::ToUtf8(kept) + "…";
}

std::string TextTable::Draw(absl::string_view indent) const {
  std::vector<std::vector<std::string>> lines(1);
  for (const Column& column : columns_) lines[0].push_back(column.heading);
  lines.insert(lines.end(), rows_.begin(), rows_.end());
  std::vector<int> widths(columns_.size(), 0);
  for (std::vector<std::string>& line : lines) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      line[i] = FitWidth(line[i], columns_[i].widest);
      widths[i] = std::max(widths[i], DisplayWidth(line[i]));
    }
  }
  std::string text;
  for (size_t row = 0; row < lines.size(); ++row) {
    std::string line(indent);
    std::string rule(indent);
    for (size_t i = 0; i < columns_.size(); ++i) {
      absl::StrAppend(&line, i > 0 ? "  " : "", Padded(lines[row][i], widths[i], columns_[i].number));
      absl::StrAppend(&rule, i > 0 ? "  " : "", std::string(widths[i], '-'));
    }
    absl::StripTrailingAsciiWhitespace(&line);
    absl::StrAppend(&text, line, "\n", row == 0 ? rule + "\n" : "");
  }
  return text;
}

}  // namespace tsunagu::suite
