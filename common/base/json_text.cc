#include "common/base/json_text.h"

#include "absl/strings/str_format.h"

namespace tsunagu {
namespace {

// Bytes of the UTF-8 character that `bytes` begins with; 0 where it begins with none.
size_t CharacterAt(absl::string_view bytes) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const size_t size = first >= 0xC2 && first < 0xE0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
  if (size == 0 || bytes.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, beyond U+10FFFF.
  const bool wrong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) >= 0xA0) ||
                     (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) >= 0x90);
  return wrong ? 0 : size;
}

// What ends a line for some reader: next line (C2 85), line and paragraph separator (E2 80 A8, A9).
bool EndsLine(absl::string_view character) {
  return character == "\xC2\x85" || character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9";
}

}  // namespace

std::string JsonText(absl::string_view bytes) {
  std::string text = "\"";
  while (!bytes.empty()) {
    const size_t size = CharacterAt(bytes);
    const absl::string_view character = bytes.substr(0, size == 0 ? 1 : size);
    bytes.remove_prefix(character.size());
    const unsigned char first = static_cast<unsigned char>(character[0]);
    if (size == 0) {
      text += "\xEF\xBF\xBD";
    } else if (first == '"' || first == '\\') {
      text += '\\';
      text += character[0];
    } else if (first < 0x20 || first == 0x7F) {
      absl::StrAppendFormat(&text, "\\u%04x", first);
    } else if (EndsLine(character)) {
      text += first == 0xC2 ? "\\u0085" : character[2] == '\xA8' ? "\\u2028" : "\\u2029";
    } else {
      text.append(character.data(), character.size());
    }
  }
  return text += '"';
}

}  // namespace tsunagu
