#ifndef TSUNAGU_COMMON_BASE_UTF8_H_
#define TSUNAGU_COMMON_BASE_UTF8_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

// U+FFFD, which stands for a byte that belongs to no character.
inline constexpr char kNoCharacter[] = "\xEF\xBF\xBD";

// Bytes of the UTF-8 character that `bytes` begins with, which are at least one; 0 where it begins with none.
size_t Utf8CharacterAt(absl::string_view bytes);

// Any bytes as UTF-8: each that belongs to no character becomes kNoCharacter.
std::string ToUtf8(absl::string_view bytes);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_UTF8_H_
