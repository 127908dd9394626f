#ifndef TSUNAGU_COMMON_BASE_UTF8_H_
#define TSUNAGU_COMMON_BASE_UTF8_H_

#include <cstddef>
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

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_UTF8_H_
