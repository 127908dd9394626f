#include "services/suite/text_table.h"

#include "gtest/gtest.h"

namespace tsunagu::suite {
namespace {

TEST(DisplayWidth, CountsColumns) {
  struct Case {
    const char* name;
    const char* text;
    int width;
  };
  const Case cases[] = {
      {"empty", "", 0},
      {"ascii", "abc 1", 5},
      {"kanji and kana", "見本センター", 12},
      {"half-width kana", "ｶﾅ", 2},
      {"full-width digits", "１２", 4},
      {"a combining voicing mark", "か\u3099", 2},
      {"a variation selector", "葛\U000E0100", 2},
      {"outside the basic plane", "𠮷", 2},
  };
  for (const Case& c : cases) EXPECT_EQ(DisplayWidth(c.text), c.width) << c.name;
}

TEST(FitWidth, CutsOnlyWhatIsTooWide) {
  struct Case {
    const char* name;
    const char* text;
    int width;
    const char* fitted;
  };
  const Case cases[] = {
      {"fits", "見本", 4, "見本"},
      {"cut at a character", "見本市", 5, "見本…"},
      {"no half character", "見本市", 4, "見…"},
      {"ascii", "facility", 5, "faci…"},
  };
  for (const Case& c : cases) EXPECT_EQ(FitWidth(c.text, c.width), c.fitted) << c.name;
}

TEST(TextTable, AlignsWideCharacters) {
  TextTable table({{"事業所"}, {"posts", true}});
  table.Add({"あさひ園", "3"});
  table.Add({"ab", "12"});
  EXPECT_EQ(table.Draw("  "),
            "  事業所    posts\n"
            "  --------  -----\n"
            "  あさひ園      3\n"
            "  ab           12\n");
}

TEST(TextTable, CutsLongCellsAndLeavesNoSpaceAtTheEnd) {
  TextTable table({{"name", false, 6}, {"note"}});
  table.Add({"long-name", ""});
  EXPECT_EQ(table.Draw(""),
            "name    note\n"
            "------  ----\n"
            "long-…\n");
}

}  // namespace
}  // namespace tsunagu::suite
