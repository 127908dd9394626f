#include "common/text/sheet/characters.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/utf8.h"

namespace tsunagu::sheet {
namespace {

constexpr size_t kEscapeLength = 7;  // _xHHHH_

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The UTF-16 unit of an escape at the beginning of `text`, or -1.
int EscapedUnit(absl::string_view text) {
  if (text.size() < kEscapeLength || text[0] != '_' || text[1] != 'x' || text[6] != '_') return -1;
  int unit = 0;
  for (const char c : text.substr(2, 4)) {
    const int digit = HexDigit(c);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

bool MustBeEscaped(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n'; }

// Returns whether the text begins like an escape. The _ at its end may also be the beginning of an escape that will be
// written next.
bool WouldBeDecoded(absl::string_view text) {
  if (text.size() < kEscapeLength || text[0] != '_') return false;
  const char end = text[kEscapeLength - 1];
  const std::string closed = absl::StrCat(text.substr(0, kEscapeLength - 1), "_");
  return (end == '_' || MustBeEscaped(end)) && EscapedUnit(closed) >= 0;
}

}  // namespace

bool IsXmlCharacter(uint32_t character) {
  if (character < 0x20) return character == '\t' || character == '\n' || character == '\r';
  if (character >= 0xD800 && character <= 0xDFFF) return false;
  return character <= 0x10FFFF && character != 0xFFFE && character != 0xFFFF;
}

bool IsXmlText(absl::string_view bytes) {
  const int64_t size = static_cast<int64_t>(bytes.size());
  for (int64_t i = 0; i < size;) {
    UChar32 character;
    U8_NEXT(bytes.data(), i, size, character);
    if (character < 0 || !IsXmlCharacter(static_cast<uint32_t>(character))) return false;
  }
  return true;
}

size_t Utf16Length(absl::string_view utf8) {
  size_t length = 0;
  for (const char c : utf8) {
    if (BeginsCharacter(c)) length += static_cast<unsigned char>(c) >= 0xF0 ? 2 : 1;
  }
  return length;
}

std::string Unescape(absl::string_view text) {
  if (!absl::StrContains(text, "_x")) return std::string(text);
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const int unit = EscapedUnit(text);
    const int next = U16_IS_LEAD(unit) ? EscapedUnit(text.substr(kEscapeLength)) : -1;
    if (next >= 0 && U16_IS_TRAIL(next)) {
      AppendUtf8(static_cast<char32_t>(U16_GET_SUPPLEMENTARY(unit, next)), plain);
      text.remove_prefix(2 * kEscapeLength);
    } else if (unit > 0 && !U16_IS_SURROGATE(unit) && unit < 0xFFFE) {
      AppendUtf8(static_cast<char32_t>(unit), plain);
      text.remove_prefix(kEscapeLength);
    } else {
      plain.push_back(text[0]);
      text.remove_prefix(1);
    }
  }
  return plain;
}

std::string Escape(absl::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (MustBeEscaped(text[i]) || WouldBeDecoded(text.substr(i))) {
      absl::StrAppendFormat(&escaped, "_x%04X_", static_cast<unsigned char>(text[i]));
    } else {
      escaped.push_back(text[i]);
    }
  }
  return escaped;
}

}  // namespace tsunagu::sheet
