#ifndef TSUNAGU_COMMON_TEXT_SHEET_CHARACTERS_H_
#define TSUNAGU_COMMON_TEXT_SHEET_CHARACTERS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::sheet {

// Whether XML 1.0 may hold the character: no control characters but tab and line ends, no surrogates, and neither
// U+FFFE nor U+FFFF.
bool IsXmlCharacter(uint32_t character);
// Whether the bytes are well-formed UTF-8 of such characters.
bool IsXmlText(absl::string_view bytes);

void AppendUtf8(uint32_t character, std::string& text);

// The length as Excel counts it: in UTF-16 units, so that 𠮷 counts twice. `utf8` is well-formed.
size_t Utf16Length(absl::string_view utf8);

// Spreadsheets write what XML cannot hold as _xHHHH_, four hexadecimal digits of a UTF-16 unit, and _x005F_ for the _
// of a text that looks like that by itself. Unescape(Escape(x)) == x for well-formed UTF-8 without NUL, U+FFFE and
// U+FFFF, which nobody can write. Unescape leaves NUL and halves of a pair as they stand.
std::string Unescape(absl::string_view text);
std::string Escape(absl::string_view text);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_CHARACTERS_H_
