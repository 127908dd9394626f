#ifndef TSUNAGU_COMMON_JP_KANJI_VARIANTS_H_
#define TSUNAGU_COMMON_JP_KANJI_VARIANTS_H_

#include <string>

namespace tsunagu::jp {

// Returns the everyday form of a kanji that is written in several ways (異体字, 旧字体) in names of people and places;
// any other character is returned unchanged. For search keys only. Part of kFoldVersion: changing a pair requires a new
// version.
char32_t EverydayKanji(char32_t c);

// The pairs: variant, everyday form, space, repeated.
const std::u32string& KanjiVariantPairs();

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_KANJI_VARIANTS_H_
