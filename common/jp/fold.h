#ifndef TSUNAGU_COMMON_JP_FOLD_H_
#define TSUNAGU_COMMON_JP_FOLD_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::jp {

// Increased whenever Fold gives another key for some text. Stored keys carry the version and are then recomputed.
constexpr int kFoldVersion = 1;

// Returns the key under which a name is searched; never shown and never stored in place of the name. Two texts have the
// same key if they differ only in
// - full and half width, and what else NFKC unifies (ﾊﾟ and パ, ㈱ and (株), ① and 1, 神 U+FA19 and 神);
// - hiragana and katakana, ヵ ヶ and か け; other small kana (ァ and ア) stay different;
// - case of Latin letters A to Z;
// - spaces, middle dots (中黒), invisible characters, variation selectors (異体字セレクタ, IVS);
// - the sign for a long vowel: a hyphen, dash or minus after kana, unless a Latin letter or digit follows, is ー;
//   elsewhere all of them, and ー, are a hyphen;
// - 〜 and ～;
// - forms of a kanji listed in kanji_variants.cc (髙 and 高).
// Ill-formed UTF-8 becomes U+FFFD.
std::string Fold(absl::string_view utf8);

// True for valid UTF-8 without control characters (C0, DEL, C1, line and paragraph separators, bidirectional
// overrides, U+FEFF, noncharacters) and without white space, U+3000 included, at either end. True for "".
bool IsWellFormedText(absl::string_view utf8);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_FOLD_H_
