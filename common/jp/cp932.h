#ifndef TSUNAGU_COMMON_JP_CP932_H_
#define TSUNAGU_COMMON_JP_CP932_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::jp {

// True for well-formed UTF-8 (no overlong forms, no surrogates); with or without a byte order mark.
bool IsUtf8(absl::string_view bytes);

// The text of CP932 bytes (Windows-31J: Shift_JIS with the extensions of NEC and IBM) as UTF-8, as Windows reads
// them: 0x8160 is ～ U+FF5E, 0x815C ― U+2015, 0x817C － U+FF0D; user-defined characters (外字) become U+E000 to U+E757.
// UNREADABLE_CHARACTERS for bytes without a character (0x80, 0xA0, 0xFD to 0xFF, unassigned or cut pairs).
absl::StatusOr<std::string> FromCp932(absl::string_view bytes);

struct Encoded {
  std::string bytes;
  // Each character, once and in order, that CP932 does not have.
  std::vector<std::string> missing;
};

// The text in CP932. FromCp932 gives every character back that is not listed as missing, except six which share a
// cell of JIS X 0208 with the character that Windows reads there: 〜 U+301C comes back as ～, − U+2212 as －,
// ‖ U+2016 as ∥, ¢ £ ¬ as ￠ ￡ ￢. They look the same, Fold does not tell the first two apart, and half of the rows of
// public files hold one, so they are not listed.
// In the place of a missing character stands a look-alike, ― for — U+2014 (no code of its own in Windows), ￥ ￣ ￤ for
// ¥ ‾ ¦ (not a backslash for ¥, as in other converters), else 〓 (げた); nothing for a variation selector.
// Ill-formed UTF-8 counts as U+FFFD.
Encoded ToCp932(absl::string_view utf8);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_CP932_H_
