#include "common/jp/code_points.h"

#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

TEST(CodePointsTest, RoundTripOfEveryScalarValue) {
  std::u32string all;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c < 0xD800 || c > 0xDFFF) all.push_back(c);
  }
  EXPECT_TRUE(ToCodePoints(ToUtf8(all)) == all);
}

TEST(CodePointsTest, WhatIsNoTextBecomesTheReplacement) {
  struct Row {
    const char* name;
    std::string bytes;
  };
  const Row rows[] = {{"lone continuation", "a\x80z"},
                      {"cut off", "a\xE3\x81z"},
                      {"never a byte", "a\xFFz"},
                      {"at the end", "az\xE3"},
                      {"overlong slash", "a\xC0\xAFz"},
                      {"surrogate", "a\xED\xA0\x80z"},
                      {"beyond Unicode", "a\xF4\x90\x80\x80z"}};
  for (const Row& row : rows) {
    const std::u32string text = ToCodePoints(row.bytes);
    EXPECT_NE(text.find(kReplacement), std::u32string::npos) << row.name;
    EXPECT_EQ(text.front(), U'a') << row.name;
    EXPECT_NE(text.find(U'z'), std::u32string::npos) << row.name;
  }
  EXPECT_EQ(ToUtf8({0xD800, 0x110000}), "��");
}

TEST(NarrowTrimmedTest, Rows) {
  struct Row {
    const char* name;
    std::string text;
    std::string expected;
  };
  const Row rows[] = {{"plain", "010006", "010006"},
                      {"full width", "０１０００６", "010006"},
                      {"signs", "Ｒ７．４．１／－", "R7.4.1/-"},
                      {"minus sign", "2025−04−01", "2025-04-01"},
                      {"spaces at the ends", "　 \t1 2\r\n\u00A0", "1 2"},
                      {"kanji stay", "　令和７年　", "令和7年"},
                      {"empty", "", ""},
                      {"only space", "　　", ""}};
  for (const Row& row : rows) EXPECT_EQ(NarrowTrimmed(row.text), row.expected) << row.name;
}

}  // namespace
}  // namespace tsunagu::jp
