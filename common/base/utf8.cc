#include "common/base/utf8.h"

#include <algorithm>

namespace tsunagu {

size_t Utf8CharacterAt(absl::string_view bytes) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const size_t size = first >= 0xC2 && first < 0xE0   ? 2
                      : (first & 0xF0) == 0xE0        ? 3
                      : first >= 0xF0 && first < 0xF5 ? 4
                                                      : 0;
  if (size == 0 || bytes.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, beyond U+10FFFF.
  const bool wrong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) >= 0xA0) ||
                     (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) >= 0x90);
  return wrong ? 0 : size;
}

std::string ToUtf8(absl::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const size_t size = Utf8CharacterAt(bytes);
    const absl::string_view character = bytes.substr(0, size == 0 ? 1 : size);
    bytes.remove_prefix(character.size());
    size == 0 ? text.append(kNoCharacter) : text.append(character.data(), character.size());
  }
  return text;
}

void AppendUtf8(char32_t character, std::string& utf8) {
  const auto continued = [&](int shift) { return static_cast<char>(0x80 | ((character >> shift) & 0x3F)); };
  if (character < 0x80) {
    utf8 += static_cast<char>(character);
  } else if (character < 0x800) {
    utf8.append({static_cast<char>(0xC0 | character >> 6), continued(0)});
  } else if ((character >= 0xD800 && character < 0xE000) || character > 0x10FFFF) {
    utf8 += kNoCharacter;
  } else if (character < 0x10000) {
    utf8.append({static_cast<char>(0xE0 | character >> 12), continued(6), continued(0)});
  } else {
    utf8.append({static_cast<char>(0xF0 | character >> 18), continued(12), continued(6), continued(0)});
  }
}

bool IsAscii(absl::string_view bytes) {
  return std::none_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

absl::string_view CutUtf8(absl::string_view bytes, size_t limit) {
  if (bytes.size() <= limit) return bytes;
  while (limit > 0 && !BeginsCharacter(bytes[limit])) --limit;
  return bytes.substr(0, limit);
}

int64_t CountCharacters(absl::string_view utf8) { return std::count_if(utf8.begin(), utf8.end(), BeginsCharacter); }

int CountColumns(absl::string_view utf8) {
  int columns = 0;
  for (const char byte : utf8) {
    if (BeginsCharacter(byte)) columns += static_cast<unsigned char>(byte) < 0xE0 ? 1 : 2;
  }
  return columns;
}

}  // namespace tsunagu
