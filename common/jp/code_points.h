#ifndef TSUNAGU_COMMON_JP_CODE_POINTS_H_
#define TSUNAGU_COMMON_JP_CODE_POINTS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::jp {

constexpr char32_t kReplacement = 0xFFFD;

// Returns the text's code points; each ill-formed part becomes one or more U+FFFD.
std::u32string ToCodePoints(absl::string_view utf8);

// Code points that are not scalar values become U+FFFD.
std::string ToUtf8(const std::u32string& code_points);

// True for U+FE00 to U+FE0F and U+E0100 to U+E01EF (異体字セレクタ): they choose the shape of the character before
// them.
bool IsVariationSelector(char32_t c);

// Returns the text with full-width ASCII (全角英数字記号, and U+2212 −) as ASCII, U+3000 and U+00A0 as a space, and no
// white space at either end. For cells of imported files in which only digits and signs are expected. Ill-formed UTF-8
// becomes U+FFFD.
std::string NarrowTrimmed(absl::string_view utf8);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_CODE_POINTS_H_
