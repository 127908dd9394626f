#include "common/jp/fold.h"

#include <vector>

#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

struct Pair {
  const char* name;
  std::string text;
  std::string key;
};

// A changed key here requires a new kFoldVersion.
TEST(FoldTest, KeysOfVersion1) {
  const Pair rows[] = {
      {"empty", "", ""},
      {"full-width Latin", "ＡＢＣ１２３", "abc123"},
      {"upper case", "NPO", "npo"},
      {"only A to Z", "Ä", "Ä"},
      {"half-width kana", "ﾀﾅｶ ﾊﾅｺ", "たなかはなこ"},
      {"half-width dakuten", "ｶﾞｷﾞﾊﾟﾋﾟｳﾞ", "がぎぱぴゔ"},
      {"combining dakuten", "カ\u3099ハ\u309A", "がぱ"},
      {"spacing dakuten", "カ゛ハ゜", "がぱ"},
      {"katakana", "タナカハナコ", "たなかはなこ"},
      {"iteration marks", "ミスヾ ヽ", "みすゞゝ"},
      {"small vowel stays small", "ァア", "ぁあ"},
      {"small tsu stays small", "ッツ", "っつ"},
      {"ケ in place names", "保土ヶ谷 保土ケ谷", "保土け谷保土け谷"},
      {"ideographic space", "山田　太郎", "山田太郎"},
      {"no-break space", "山田\u00A0太郎", "山田太郎"},
      {"middle dots", "ジョン・スミス･A·B", "じょんすみすab"},
      {"zero-width space and BOM", "\uFEFF山\u200B田", "山田"},
      {"IVS", "葛\U000E0100飾 辻\U000E0101", "葛飾辻"},
      {"standardised variant", "神\uFE00", "神"},
      {"compatibility ideograph", "\uFA19", "神"},
      {"高", "髙橋", "高橋"},
      {"崎", "山﨑 山嵜", "山崎山崎"},
      {"埼 is another character", "埼碕", "埼碕"},
      {"吉 beyond the basic plane", "𠮷田", "吉田"},
      {"辺", "渡邉渡邊渡辺", "渡辺渡辺渡辺"},
      {"辺 with IVS", "渡邉\U000E0102", "渡辺"},
      {"サイトウ", "齋藤斎藤齊藤斉藤", "斉藤斉藤斉藤斉藤"},
      {"浜沢橋", "濵濱澤槗", "浜浜沢橋"},
      {"company", "㈱ｱｲｳ", "(株)あいう"},
      {"circled digit", "①", "1"},
      {"long vowel", "センター", "せんたー"},
      {"half-width long vowel", "ｾﾝﾀｰ", "せんたー"},
      {"full-width hyphen for it", "センタ－", "せんたー"},
      {"hyphen for it", "サ‐ビス", "さーびす"},
      {"dash for it", "サ―ビス", "さーびす"},
      {"box line for it", "サ─ビス", "さーびす"},
      {"minus for it, before kanji", "センタ−北", "せんたー北"},
      {"two of them", "あ－－", "あーー"},
      {"long vowel before a digit", "センター1", "せんたー1"},
      {"hyphen between kana and digit", "あおば－１", "あおば-1"},
      {"number", "１－２‐３", "1-2-3"},
      {"long vowel sign as a dash", "１ー２", "1-2"},
      {"dash after kanji", "東－西", "東-西"},
      {"wave dashes", "〜～", "~~"},
      {"private use stays", "\uE000", "\uE000"},
      {"ill-formed", "a\xFF", "a\uFFFD"},
  };
  EXPECT_EQ(kFoldVersion, 1);
  for (const Pair& row : rows) {
    EXPECT_EQ(Fold(row.text), row.key) << row.name;
    EXPECT_EQ(Fold(row.key), row.key) << "folded twice: " << row.name;
  }
}

TEST(FoldTest, TheSamePersonHasOneKey) {
  const std::vector<std::string> spellings = {"髙﨑 ゆり子", "髙﨑　ゆり子", "高崎ゆり子", "高崎 ユリ子",
                                              "髙\U000E0100﨑ﾕﾘ子"};
  for (const std::string& spelling : spellings) EXPECT_EQ(Fold(spelling), "高崎ゆり子") << spelling;
}

TEST(IsWellFormedTextTest, Rows) {
  struct Row {
    const char* name;
    std::string text;
    bool expected;
  };
  const Row rows[] = {{"empty", "", true},
                      {"name", "山田　太郎", true},
                      {"emoji", "👩‍⚕️", true},
                      {"one character", "a", true},
                      {"leading space", " a", false},
                      {"trailing space", "a ", false},
                      {"leading ideographic space", "　a", false},
                      {"trailing ideographic space", "a　", false},
                      {"trailing no-break space", "a\u00A0", false},
                      {"only a space", " ", false},
                      {"tab", "a\tb", false},
                      {"line feed", "a\nb", false},
                      {"nul", std::string("a\0b", 3), false},
                      {"delete",
                       "a\x7F"
                       "b",
                       false},
                      {"C1", "a\u0085b", false},
                      {"line separator", "a\u2028b", false},
                      {"right-to-left override", "a\u202Eb", false},
                      {"byte order mark", "\uFEFFa", false},
                      {"noncharacter", "a\uFFFFb", false},
                      {"ill-formed", "a\xC3", false},
                      {"CP932", "\x82\xA0", false}};
  for (const Row& row : rows) EXPECT_EQ(IsWellFormedText(row.text), row.expected) << row.name;
}

}  // namespace
}  // namespace tsunagu::jp
