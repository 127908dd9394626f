#ifndef TSUNAGU_COMMON_JP_KANJI_VARIANTS_H_
#define TSUNAGU_COMMON_JP_KANJI_VARIANTS_H_

#include <string>

namespace tsunagu::jp {

// The everyday form of a kanji that is written in several ways (異体字, 旧字体) in names of people and places; any
// other character is returned as it is. For search keys only. Part of kFoldVersion: a changed pair is a new version.
char32_t EverydayKanji(char32_t c);

// The pairs behind it, as variant, everyday form, space, and again.
const std::u32string& KanjiVariantPairs();

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_KANJI_VARIANTS_H_
