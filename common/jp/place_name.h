#ifndef TSUNAGU_COMMON_JP_PLACE_NAME_H_
#define TSUNAGU_COMMON_JP_PLACE_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::jp {

// The key under which names of places are compared; never shown, never stored. As Fold, and besides
// - ケ ヶ が ガ between two kanji are one (保土ヶ谷, 保土ケ谷, 保土ガ谷);
// - kanji that only names of places have in two shapes are one (塩竈 and 塩釜).
// Different bodies may share a key (鹿嶋市 and 鹿島市), but not within one prefecture.
std::string FoldPlace(absl::string_view utf8);

// True where `copy` is `whole` after characters were lost on its way: where they differ, `copy` has 〓, U+FFFD or a
// question mark in place of one character, and some character is left. False where nothing was lost.
bool IsDamagedCopy(absl::string_view copy, absl::string_view whole);

// True for a text that holds 〓 or U+FFFD, which stand for a character that was lost.
bool HasLostCharacter(absl::string_view utf8);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_PLACE_NAME_H_
