#include "common/jp/place_name.h"

#include <algorithm>
#include <cstddef>

#include "common/jp/code_points.h"
#include "common/jp/fold.h"
#include "unicode/uchar.h"

namespace tsunagu::jp {
namespace {

constexpr char32_t kGeta = U'〓';

// In addition to the table of Fold (kanji_variants.cc), which is valid for names of people too:
// - forms in brackets of 常用漢字表 (平成22年内閣告示第2号): 奧 狹 溫 燒 峽;
// - 拡張新字体, with which JIS X 0208:1983 replaced 諫 礪 頸;
// - 釜, another character, with which many people write 塩竈市, and the two shapes of 竈.
constexpr char32_t kPairs[] = U"奧奥 狹狭 溫温 燒焼 峽峡 諌諫 礪砺 頚頸 竈釜 竃釜 ";

char32_t PlaceShape(char32_t c) {
  for (size_t i = 0; i + 2 < sizeof(kPairs) / sizeof(kPairs[0]); i += 3) {
    if (kPairs[i] == c) return kPairs[i + 1];
  }
  return c;
}

bool IsKanji(char32_t c) { return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_IDEOGRAPHIC); }

bool StandsForLost(char32_t c) { return c == kGeta || c == kReplacement || c == U'?' || c == U'？'; }

}  // namespace

std::string FoldPlace(absl::string_view utf8) {
  std::u32string text = ToCodePoints(Fold(utf8));
  for (size_t i = 0; i < text.size(); ++i) {
    const bool between = i > 0 && i + 1 < text.size() && IsKanji(text[i - 1]) && IsKanji(text[i + 1]);
    if (text[i] == U'が' && between) text[i] = U'け';
    text[i] = PlaceShape(text[i]);
  }
  return ToUtf8(text);
}

bool IsDamagedCopy(absl::string_view copy, absl::string_view whole) {
  const std::u32string left = ToCodePoints(copy), all = ToCodePoints(whole);
  if (left.size() != all.size()) return false;
  size_t lost = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    if (left[i] == all[i]) continue;
    if (!StandsForLost(left[i])) return false;
    ++lost;
  }
  return lost > 0 && lost < all.size();
}

bool HasLostCharacter(absl::string_view utf8) {
  const std::u32string text = ToCodePoints(utf8);
  return std::any_of(text.begin(), text.end(), [](char32_t c) { return c == kGeta || c == kReplacement; });
}

}  // namespace tsunagu::jp
