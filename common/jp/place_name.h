#ifndef TSUNAGU_COMMON_JP_PLACE_NAME_H_
#define TSUNAGU_COMMON_JP_PLACE_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::jp {

// Returns the key under which names of places are compared; never shown, never stored. As Fold, and in addition
// - ケ ヶ が ガ between two kanji are equal (保土ヶ谷, 保土ケ谷, 保土ガ谷);
// - kanji that have two shapes only in names of places are equal (塩竈 and 塩釜).
// Different bodies may share a key (鹿嶋市 and 鹿島市), but not within one prefecture.
std::string FoldPlace(absl::string_view utf8);

// Returns whether `copy` is `whole` with lost characters: where they differ, `copy` has 〓, U+FFFD or a question mark
// in place of one character, and at least one character is left. False when nothing was lost.
bool IsDamagedCopy(absl::string_view copy, absl::string_view whole);

// Returns whether a text contains 〓 or U+FFFD, which mark a lost character.
bool HasLostCharacter(absl::string_view utf8);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_PLACE_NAME_H_
