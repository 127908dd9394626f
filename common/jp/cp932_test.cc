#include "common/jp/cp932.h"

#include <iconv.h>

#include <optional>

#include "common/base/error.h"
#include "common/jp/code_points.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// glibc's conversion of a text, for comparison.
class Iconv {
 public:
  Iconv(const char* to, const char* from) : converter_(iconv_open(to, from)) {}
  ~Iconv() { iconv_close(converter_); }
  Iconv(const Iconv&) = delete;
  Iconv& operator=(const Iconv&) = delete;

  std::optional<std::string> Convert(std::string text) {
    char buffer[64];
    char* in = text.data();
    char* out = buffer;
    size_t left = text.size(), room = sizeof buffer;
    iconv(converter_, nullptr, nullptr, nullptr, nullptr);
    if (iconv(converter_, &in, &left, &out, &room) == static_cast<size_t>(-1)) return std::nullopt;
    return std::string(buffer, out);
  }

 private:
  iconv_t converter_;
};

TEST(Cp932Test, WhatWindowsHas) {
  struct Row {
    const char* name;
    const char* text;
    std::string bytes;
  };
  const Row rows[] = {{"ASCII", "Az09~\\|", "Az09~\\|"},
                      {"line ends and controls", "\r\n\t\x1A\x1C\x7F", "\r\n\t\x1A\x1C\x7F"},
                      {"kana and kanji", "あ亜", "\x82\xA0\x88\x9F"},
                      {"half-width kana", "ｱﾞ", "\xB1\xDE"},
                      {"backslash as second byte", "表ソ", "\x95\x5C\x83\x5C"},
                      {"circled digit", "①", "\x87\x40"},
                      {"company", "㈱", "\x87\x8A"},
                      {"髙 and 﨑", "髙﨑", "\xFB\xFC\xFA\xB1"},
                      {"wave dash as Windows has it", "～", "\x81\x60"},
                      {"parallel", "∥", "\x81\x61"},
                      {"full-width hyphen", "－", "\x81\x7C"},
                      {"horizontal bar", "―", "\x81\x5C"},
                      {"because, twice in CP932", "∵", "\x81\xE6"},
                      {"not sign, three times", "￢", "\x81\xCA"},
                      {"Roman numerals", "Ⅰⅰ", "\x87\x54\xFA\x40"},
                      {"外字", "\uE000\uE757", "\xF0\x40\xF9\xFC"}};
  for (const Row& row : rows) {
    const Encoded encoded = ToCp932(row.text);
    EXPECT_EQ(encoded.bytes, row.bytes) << row.name;
    EXPECT_THAT(encoded.missing, IsEmpty()) << row.name;
    const auto back = FromCp932(row.bytes);
    ASSERT_TRUE(back.ok()) << row.name;
    EXPECT_EQ(*back, row.text) << row.name;
  }
}

TEST(ToCp932Test, NulIsACharacter) {
  const std::string nul("a\0b", 3);
  EXPECT_EQ(ToCp932(nul).bytes, nul);
  EXPECT_EQ(*FromCp932(nul), nul);
}

TEST(ToCp932Test, WhatIsMissing) {
  struct Row {
    const char* name;
    const char* text;
    const char* stands_for_it;
  };
  const Row rows[] = {{"em dash", "—", "―"},
                      {"yen", "¥", "￥"},
                      {"overline", "‾", "￣"},
                      {"broken bar", "¦", "￤"},
                      {"beyond plane 0", "𠮷", "〓"},
                      {"emoji", "👩", "〓"},
                      {"broken at source", "�", "〓"},
                      {"Latin with accent", "é", "〓"},
                      {"en dash", "–", "〓"},
                      {"no-break space", "\u00A0", "〓"},
                      {"variation selector", "\U000E0100", ""}};
  for (const Row& row : rows) {
    const Encoded encoded = ToCp932(std::string("北") + row.text + "南" + row.text);
    EXPECT_EQ(*FromCp932(encoded.bytes), std::string("北") + row.stands_for_it + "南" + row.stands_for_it) << row.name;
    EXPECT_THAT(encoded.missing, ElementsAre(row.text)) << row.name;
  }
}

TEST(ToCp932Test, CharactersThatShareACell) {
  struct Row {
    const char* name;
    const char* text;
    const char* comes_back_as;
  };
  const Row rows[] = {{"wave dash", "〜", "～"}, {"minus", "−", "－"}, {"double line", "‖", "∥"},
                      {"cent", "¢", "￠"},       {"pound", "£", "￡"}, {"not", "¬", "￢"}};
  for (const Row& row : rows) {
    const Encoded encoded = ToCp932(row.text);
    EXPECT_EQ(encoded.bytes, ToCp932(row.comes_back_as).bytes) << row.name;
    EXPECT_EQ(*FromCp932(encoded.bytes), row.comes_back_as) << row.name;
    EXPECT_THAT(encoded.missing, IsEmpty()) << row.name;
  }
}

TEST(ToCp932Test, EachMissingCharacterOnceAndInOrder) {
  EXPECT_THAT(ToCp932("𠮷—𠮷é—").missing, ElementsAre("𠮷", "—", "é"));
  EXPECT_THAT(ToCp932("a\xFF").missing, ElementsAre("�"));
}

TEST(FromCp932Test, Refused) {
  struct Row {
    const char* name;
    std::string bytes;
  };
  const Row rows[] = {{"80", "\x80"},
                      {"A0", "\xA0"},
                      {"FD", "\xFD"},
                      {"FF", "\xFF"},
                      {"cut off", "a\x82"},
                      {"second byte out of range", "\x82\x20"},
                      {"second byte 7F", "\x81\x7F"},
                      {"unassigned", "\x81\xAD"},
                      {"UTF-8 byte order mark", "\xEF\xBB\xBF"}};
  for (const Row& row : rows) {
    const auto text = FromCp932(row.bytes);
    EXPECT_EQ(ReasonOf(text.status()), "UNREADABLE_CHARACTERS"_reason) << row.name << ": " << text.value_or("");
  }
}

TEST(Cp932Test, EveryCodeReadsAsInGlibc) {
  Iconv glibc("UTF-8", "CP932");
  int readable = 0;
  for (int code = 0; code < 0x10000; ++code) {
    std::string bytes(1, static_cast<char>(code & 0xFF));
    if (code > 0xFF) bytes.insert(bytes.begin(), static_cast<char>(code >> 8));
    const auto ours = FromCp932(bytes);
    ASSERT_EQ(ours.ok() ? std::optional<std::string>(*ours) : std::nullopt, glibc.Convert(bytes)) << code;
    readable += ours.ok();
  }
  EXPECT_GT(readable, 9794);
}

TEST(Cp932Test, EveryCharacterIsKeptOrListed) {
  Iconv glibc("CP932", "UTF-8");
  int kept = 0, sharing = 0;
  for (char32_t c = 1; c < 0x30000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string text = ToUtf8({c});
    const Encoded encoded = ToCp932(text);
    const bool comes_back = *FromCp932(encoded.bytes) == text;
    if (comes_back) ++kept;
    if (!comes_back && encoded.missing.empty()) ++sharing;
    ASSERT_FALSE(comes_back && !encoded.missing.empty()) << text;
    if (encoded.missing.empty()) {
      ASSERT_EQ(encoded.bytes, glibc.Convert(text)) << text;
    }
  }
  EXPECT_GT(kept, 9000);
  EXPECT_EQ(sharing, 6);
}

TEST(IsUtf8Test, Rows) {
  struct Row {
    const char* name;
    std::string bytes;
    bool expected;
  };
  const Row rows[] = {{"empty", "", true},
                      {"ASCII", "a", true},
                      {"kanji", "髙", true},
                      {"four bytes", "𠮷", true},
                      {"byte order mark", "\uFEFFa", true},
                      {"nul", std::string(1, '\0'), true},
                      {"CP932", "\x82\xA0", false},
                      {"cut off", "\xE9\xAB", false},
                      {"overlong", "\xC0\x80", false},
                      {"surrogate", "\xED\xA0\x80", false},
                      {"too large", "\xF4\x90\x80\x80", false}};
  for (const Row& row : rows) EXPECT_EQ(IsUtf8(row.bytes), row.expected) << row.name;
}

}  // namespace
}  // namespace tsunagu::jp
