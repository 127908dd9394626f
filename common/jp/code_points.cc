#include "common/jp/code_points.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "common/base/utf8.h"
#include "unicode/utf8.h"

namespace tsunagu::jp {
namespace {

char32_t Narrow(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + '!';
  if (c == 0x3000 || c == 0x00A0) return ' ';
  if (c == 0x2212) return '-';
  return c;
}

}  // namespace

std::u32string ToCodePoints(absl::string_view utf8) {
  std::u32string result;
  result.reserve(utf8.size());
  const int64_t size = static_cast<int64_t>(utf8.size());
  for (int64_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(utf8.data(), i, size, c);
    result.push_back(static_cast<char32_t>(c));
  }
  return result;
}

std::string ToUtf8(const std::u32string& code_points) {
  std::string result;
  result.reserve(code_points.size() * 3);
  for (const char32_t c : code_points) AppendUtf8(c, result);
  return result;
}

bool IsVariationSelector(char32_t c) { return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF); }

std::string NarrowTrimmed(absl::string_view utf8) {
  std::u32string text = ToCodePoints(utf8);
  for (char32_t& c : text) c = Narrow(c);
  return std::string(absl::StripAsciiWhitespace(ToUtf8(text)));
}

}  // namespace tsunagu::jp
