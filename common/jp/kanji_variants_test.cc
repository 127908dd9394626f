#include "common/jp/kanji_variants.h"

#include <set>

#include "common/jp/code_points.h"
#include "gtest/gtest.h"
#include "unicode/normalizer2.h"

namespace tsunagu::jp {
namespace {

TEST(KanjiVariantsTest, EveryPairIsWellMade) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(error);
  const std::u32string& pairs = KanjiVariantPairs();
  ASSERT_EQ(pairs.size() % 3, 0u);
  std::set<char32_t> variants;
  for (size_t i = 0; i < pairs.size(); i += 3) {
    const std::string shown = ToUtf8(pairs.substr(i, 2));
    EXPECT_EQ(pairs[i + 2], U' ') << shown;
    EXPECT_TRUE(variants.insert(pairs[i]).second) << "twice: " << shown;
    EXPECT_NE(pairs[i], pairs[i + 1]) << shown;
    EXPECT_EQ(EverydayKanji(pairs[i]), pairs[i + 1]) << shown;
    EXPECT_EQ(EverydayKanji(pairs[i + 1]), pairs[i + 1]) << "not the end of the chain: " << shown;
    for (const char32_t c : {pairs[i], pairs[i + 1]}) {
      EXPECT_TRUE(nfkc->isInert(static_cast<UChar32>(c))) << "NFKC changes " << shown;
    }
  }
}

TEST(KanjiVariantsTest, OtherCharactersStay) {
  for (const char32_t c : {U'埼', U'碕', U'あ', U'a', U' ', U'\uFFFD'}) EXPECT_EQ(EverydayKanji(c), c);
}

}  // namespace
}  // namespace tsunagu::jp
