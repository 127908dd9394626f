#ifndef TSUNAGU_COMMON_BASE_UTF8_H_
#define TSUNAGU_COMMON_BASE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

// U+FFFD, which replaces a byte that belongs to no character.
inline constexpr char kNoCharacter[] = "\xEF\xBF\xBD";

// Returns the length in bytes of the UTF-8 character at the beginning of `bytes`, which is not empty; 0 when there is
// none.
size_t Utf8CharacterAt(absl::string_view bytes);

// Returns any bytes as UTF-8: each byte that belongs to no character becomes kNoCharacter.
std::string ToUtf8(absl::string_view bytes);

// Appends a character. What is no scalar value becomes kNoCharacter.
void AppendUtf8(char32_t character, std::string& utf8);

bool IsAscii(absl::string_view bytes);

// Returns at most `limit` bytes of the beginning, cut between characters.
absl::string_view CutUtf8(absl::string_view bytes, size_t limit);

// The rest is for well-formed UTF-8.

// Returns whether a byte begins a character, rather than continue one.
constexpr bool BeginsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

// Returns the number of characters (code points).
int64_t CountCharacters(absl::string_view utf8);

// Returns the columns on a terminal or in a sheet, about: a character of three bytes or more, as all Japanese are,
// takes two.
int CountColumns(absl::string_view utf8);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_UTF8_H_
