#ifndef TSUNAGU_COMMON_JP_CP932_H_
#define TSUNAGU_COMMON_JP_CP932_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::jp {

// True for well-formed UTF-8 (no overlong forms, no surrogates); with or without a byte order mark.
bool IsUtf8(absl::string_view bytes);

// Converts CP932 (Windows-31J: Shift_JIS with the extensions of NEC and IBM) to UTF-8, as Windows does: 0x8160 is ～
// U+FF5E, 0x815C ― U+2015, 0x817C － U+FF0D; user-defined characters (外字) become U+E000 to U+E757. Errors:
// UNREADABLE_CHARACTERS for bytes without a character (0x80, 0xA0, 0xFD to 0xFF, unassigned or cut pairs).
absl::StatusOr<std::string> FromCp932(absl::string_view bytes);

struct Encoded {
  std::string bytes;
  // The characters that CP932 does not have, each once and in order.
  std::vector<std::string> missing;
};

// Converts the text to CP932. FromCp932 restores every character that is not listed as missing, except six which share
// a cell of JIS X 0208 with the character that Windows reads there: 〜 U+301C becomes ～, − U+2212 becomes －, ‖ U+2016
// becomes ∥, ¢ £ ¬ become ￠ ￡ ￢. They look the same, Fold treats the first two as equal, and half of the rows of
// public files contain one, so they are not listed. A missing character is replaced by a look-alike: ― for — U+2014 (no
// separate code in Windows), ￥ ￣ ￤ for ¥ ‾ ¦ (not a backslash for ¥, as in other converters), else 〓 (げた); a
// variation selector is dropped. Ill-formed UTF-8 counts as U+FFFD.
Encoded ToCp932(absl::string_view utf8);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_CP932_H_
