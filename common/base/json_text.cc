#include "common/base/json_text.h"

#include "absl/strings/str_format.h"
#include "common/base/utf8.h"

namespace tsunagu {
namespace {

// Characters that some reader takes for a line end: next line (C2 85), line and paragraph separator (E2 80 A8, A9).
bool EndsLine(absl::string_view character) {
  return character == "\xC2\x85" || character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9";
}

}  // namespace

std::string JsonText(absl::string_view bytes) {
  std::string text = "\"";
  while (!bytes.empty()) {
    const size_t size = Utf8CharacterAt(bytes);
    const absl::string_view character = bytes.substr(0, size == 0 ? 1 : size);
    bytes.remove_prefix(character.size());
    const unsigned char first = static_cast<unsigned char>(character[0]);
    if (size == 0) {
      text += kNoCharacter;
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
