#include "common/jp/place_name.h"

#include "common/jp/prefecture.h"
#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

TEST(FoldPlace, OnePlaceHasOneKey) {
  struct Case {
    const char* name;
    const char* one;
    const char* other;
    bool same;
  };
  const Case cases[] = {
      {"ケ and ヶ", "保土ケ谷区", "保土ヶ谷区", true},
      {"ガ", "保土ケ谷区", "保土ガ谷区", true},
      {"が", "龍ケ崎市", "龍が崎市", true},
      {"half-width", "龍ケ崎市", "龍ｹ崎市", true},
      {"が among kana stays", "つがる市", "つける市", false},
      {"が at the end stays", "霞が", "霞け", false},
      {"a space", "札幌市 中央区", "札幌市中央区", true},
      {"ideographic space", "東京都　千代田区", "東京都千代田区", true},
      {"variation selector", "愛\U000E0100媛県", "愛媛県", true},
      {"塩釜", "塩竈市", "塩釜市", true},
      {"鹽竈", "塩竈市", "鹽竈市", true},
      {"old shape", "須恵町", "須惠町", true},
      {"縣", "鳥取県", "鳥取縣", true},
      {"諫", "諫早市", "諌早市", true},
      {"another body", "松江市", "松阪市", false},
      {"町 and 市", "岩美町", "岩美市", false},
  };
  for (const Case& c : cases) EXPECT_EQ(FoldPlace(c.one) == FoldPlace(c.other), c.same) << c.name;
}

TEST(IsDamagedCopy, OnlyWhereSomeCharactersAreLostAndNoneIsAnother) {
  struct Case {
    const char* copy;
    const char* whole;
    bool damaged;
  };
  const Case cases[] = {{"〓田", "𠮷田", true},     {"?田", "𠮷田", true},   {"？田", "𠮷田", true},
                        {"\uFFFD田", "𠮷田", true}, {"𠮷田", "𠮷田", false}, {"??", "𠮷田", false},
                        {"??田", "𠮷田", false},    {"〓山", "𠮷田", false}, {"〓", "", false},
                        {"", "𠮷田", false},        {"〓田", "〓田", false}, {"吉田", "𠮷田", false}};
  for (const Case& c : cases) EXPECT_EQ(IsDamagedCopy(c.copy, c.whole), c.damaged) << c.copy << " of " << c.whole;
}

TEST(HasLostCharacter, KnowsItsSigns) {
  EXPECT_TRUE(HasLostCharacter("a〓"));
  EXPECT_TRUE(HasLostCharacter("\uFFFD"));
  EXPECT_FALSE(HasLostCharacter("何?"));
  EXPECT_FALSE(HasLostCharacter(""));
}

TEST(Prefecture, NumberAndNameBelongTogether) {
  EXPECT_EQ(PrefectureName("01"), "北海道");
  EXPECT_EQ(PrefectureName("47"), "沖縄県");
  for (const char* none : {"", "00", "48", "1", "x"}) EXPECT_EQ(PrefectureName(none), "") << none;
  struct Case {
    const char* name;
    const char* number;
  };
  const Case cases[] = {{"鳥取県", "31"}, {"鳥取縣", "31"}, {"鳥 取 県", "31"}, {"京都府", "26"},
                        {"東京都", "13"}, {"北?道", "01"},  {"?知県", ""},      {"〓岡県", ""},
                        {"鳥取", ""},     {"", ""},         {"因幡県", ""}};
  for (const Case& c : cases) EXPECT_EQ(PrefectureNumber(c.name), c.number) << c.name;
  EXPECT_EQ(PrefectureAtBeginning(FoldPlace("京都府京都市")), "26");
  EXPECT_EQ(PrefectureAtBeginning(FoldPlace("京都市")), "");
}

}  // namespace
}  // namespace tsunagu::jp
