#include "common/base/utf8.h"

#include "gtest/gtest.h"

namespace tsunagu {
namespace {

TEST(Utf8Test, EveryCharacterIsWrittenAsItIsRead) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    std::string text;
    AppendUtf8(c, text);
    const bool is_scalar = c < 0xD800 || c > 0xDFFF;
    ASSERT_EQ(Utf8CharacterAt(text), text.size()) << static_cast<uint32_t>(c);
    ASSERT_EQ(text == kNoCharacter, !is_scalar || c == 0xFFFD) << static_cast<uint32_t>(c);
    ASSERT_EQ(CountCharacters(text), 1);
  }
  std::string text = "x";
  AppendUtf8(0x110000, text);
  AppendUtf8(U'é', text);
  AppendUtf8(U'鳥', text);
  AppendUtf8(U'𠮷', text);
  EXPECT_EQ(text, "x\uFFFDé鳥𠮷");
}

TEST(Utf8Test, Counts) {
  const struct {
    absl::string_view text;
    int characters, columns;
  } rows[] = {{"", 0, 0}, {"abc", 3, 3}, {"é", 1, 1}, {"鳥取", 2, 4}, {"a𠮷", 2, 3}};
  for (const auto& row : rows) {
    EXPECT_EQ(CountCharacters(row.text), row.characters) << row.text;
    EXPECT_EQ(CountColumns(row.text), row.columns) << row.text;
  }
}

TEST(Utf8Test, IsCutBetweenCharacters) {
  const absl::string_view text = "a鳥𠮷";  // 1, 3 and 4 bytes
  const size_t expected[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 8};
  for (size_t limit = 0; limit < std::size(expected); ++limit) {
    EXPECT_EQ(CutUtf8(text, limit), text.substr(0, expected[limit])) << limit;
  }
}

}  // namespace
}  // namespace tsunagu
