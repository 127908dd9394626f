#include "common/text/sheet/styles.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"

namespace tsunagu::sheet {
namespace {

using Token = XmlReader::Token;

// Excel allows 65,490 cell formats and fewer codes.
constexpr size_t kMaxFormats = 100'000;
constexpr size_t kMaxCodeBytes = 4096;

// The letters of a format code.
struct Letters {
  bool date = false;  // a year, a day, a weekday or an era
  bool time = false;  // hours or seconds
  bool month_or_minute = false;
  bool elapsed = false;

  DateStyle Style() const {
    // An m is a month unless the code has hours or seconds.
    const bool has_date = date || (month_or_minute && !time && !elapsed);
    if (has_date) return time || elapsed ? DateStyle::kDateTime : DateStyle::kDate;
    if (elapsed) return DateStyle::kElapsed;
    return time ? DateStyle::kTime : DateStyle::kNone;
  }
};

// True for [h], [mm], [ss]; other brackets hold a colour, a condition or a language.
bool IsElapsed(absl::string_view inside) {
  const auto all = [&](char c) { return inside.find_first_not_of(c) == absl::string_view::npos; };
  return !inside.empty() && (all('h') || all('m') || all('s'));
}

void TakeLetter(absl::string_view rest, Letters& letters) {
  switch (rest[0]) {
    case 'y':
    case 'd':
    case 'g':
      letters.date = true;
      return;
    case 'e':  // a year, unless it is an exponent
      letters.date |= rest.size() < 2 || (rest[1] != '+' && rest[1] != '-');
      return;
    case 'a':  // aaa is a weekday; am/pm belongs to hours
      letters.date |= absl::StartsWith(rest, "aaa");
      return;
    case 'h':
    case 's':
      letters.time = true;
      return;
    case 'm':
      letters.month_or_minute = true;
      return;
    default:
      return;
  }
}

bool IsIn(int64_t number, int64_t first, int64_t last) { return number >= first && number <= last; }

using Codes = std::map<int64_t, DateStyle>;

int64_t NumberOf(absl::string_view text) {
  int64_t number = 0;
  return absl::SimpleAtoi(text, &number) ? number : 0;
}

// A code replaces the built-in format with the same number, because some languages write theirs into the file.
DateStyle StyleOf(const Codes& codes, int64_t number) {
  const auto code = codes.find(number);
  return code == codes.end() ? StyleOfBuiltIn(number) : code->second;
}

}  // namespace

DateStyle StyleOfBuiltIn(int64_t number) {
  if (number == 22) return DateStyle::kDateTime;
  if (number == 46) return DateStyle::kElapsed;
  if (IsIn(number, 18, 21) || IsIn(number, 32, 33) || number == 45 || number == 47) return DateStyle::kTime;
  if (IsIn(number, 14, 17) || IsIn(number, 27, 36) || IsIn(number, 50, 58)) return DateStyle::kDate;
  return DateStyle::kNone;
}

DateStyle StyleOfCode(absl::string_view code) {
  // "General" is a word, not letters; so is the "G" of G/標準.
  const std::string lower = absl::StrReplaceAll(absl::AsciiStrToLower(code), {{"general", ""}, {"g/標準", ""}});
  Letters letters;
  for (size_t i = 0; i < lower.size(); ++i) {
    const absl::string_view rest = absl::string_view(lower).substr(i);
    if (rest[0] == '"') {
      i += std::min(rest.find('"', 1), rest.size());
    } else if (rest[0] == '[') {
      const size_t end = std::min(rest.find(']'), rest.size());
      letters.elapsed |= IsElapsed(rest.substr(1, end - 1));
      i += end;
    } else if (absl::StrContains("\\_*", rest[0])) {
      ++i;  // the next character is literal, a width, or a repetition
    } else {
      TakeLetter(rest, letters);
    }
  }
  return letters.Style();
}

absl::StatusOr<std::vector<DateStyle>> ReadStyles(XmlReader& xml) {
  Codes codes;
  std::vector<DateStyle> styles;
  bool in_cell_formats = false;
  for (;;) {
    ASSIGN_OR_RETURN(const Token token, xml.Next());
    if (token == Token::kFinish) return styles;
    if (token != Token::kStart) continue;
    if (xml.depth() == 2) in_cell_formats = xml.name() == "cellXfs";
    if (xml.depth() != 3) continue;
    if (xml.name() == "numFmt") {
      const absl::string_view code = xml.Attribute("formatCode");
      if (code.size() > kMaxCodeBytes || codes.size() == kMaxFormats) return xml.Damaged("too many formats");
      codes[NumberOf(xml.Attribute("numFmtId"))] = StyleOfCode(code);
    } else if (in_cell_formats && xml.name() == "xf") {
      if (styles.size() == kMaxFormats) return xml.Damaged("too many formats");
      styles.push_back(StyleOf(codes, NumberOf(xml.Attribute("numFmtId"))));
    }
  }
}

}  // namespace tsunagu::sheet
