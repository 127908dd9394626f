#ifndef TSUNAGU_COMMON_TEXT_SHEET_CHARACTERS_H_
#define TSUNAGU_COMMON_TEXT_SHEET_CHARACTERS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::sheet {

// Returns whether XML 1.0 permits the character: no control characters except tab and line ends, no surrogates, and
// neither U+FFFE nor U+FFFF.
bool IsXmlCharacter(uint32_t character);
// Returns whether the bytes are well-formed UTF-8 of such characters.
bool IsXmlText(absl::string_view bytes);

// Returns the length as Excel counts it: in UTF-16 units, so that 𠮷 counts twice. `utf8` must be well-formed.
size_t Utf16Length(absl::string_view utf8);

// Spreadsheets write characters that XML cannot hold as _xHHHH_, four hexadecimal digits of a UTF-16 unit, and _x005F_
// for the _ of a text that has this form already. Unescape(Escape(x)) == x for well-formed UTF-8 without NUL, U+FFFE
// and U+FFFF, which cannot be written. Unescape leaves the escapes of NUL and of half a pair unchanged.
std::string Unescape(absl::string_view text);
std::string Escape(absl::string_view text);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_CHARACTERS_H_
