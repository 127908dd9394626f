#include "common/jp/place_name.h"

#include <algorithm>
#include <cstddef>

#include "common/jp/code_points.h"
#include "common/jp/fold.h"
#include "unicode/uchar.h"

namespace tsunagu::jp {
namespace {

constexpr char32_t kGeta = U'〓';

// Beside the table of Fold (kanji_variants.cc), which holds for names of people too. 釜 and 竈 are two characters, but
// 塩釜 is how many write 塩竈市; the others are shapes of one character.
constexpr char32_t kPairs[] = U"竈釜 竃釜 諌諫 奧奥 礪砺 頚頸 祗祇 ";

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
