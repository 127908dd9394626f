#include "common/jp/area_code.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

constexpr char kPrefectures[] =
    "010006 020001 030007 040002 050008 060003 070009 080004 090000 100005 110001 120006 130001 140007 150002 160008 "
    "170003 180009 190004 200000 210005 220001 230006 240001 250007 260002 270008 280003 290009 300004 310000 320005 "
    "330001 340006 350001 360007 370002 380008 390003 400009 410004 420000 430005 440001 450006 460001 470007";

TEST(AreaCodeTest, All47Prefectures) {
  std::set<std::string> seen;
  for (const absl::string_view six : absl::StrSplit(kPrefectures, ' ')) {
    const auto code = AreaCode::Parse(six);
    ASSERT_TRUE(code.ok()) << six << " " << code.status();
    EXPECT_TRUE(code->IsPrefecture()) << six;
    seen.insert(code->prefecture());
  }
  EXPECT_EQ(seen.size(), 47u);
}

TEST(AreaCodeTest, Parts) {
  const auto code = AreaCode::Parse("131041");
  ASSERT_TRUE(code.ok());
  EXPECT_EQ(code->six(), "131041");
  EXPECT_EQ(code->five(), "13104");
  EXPECT_EQ(code->prefecture(), "13");
  EXPECT_FALSE(code->IsPrefecture());
  EXPECT_EQ(*code, *AreaCode::FromFive("13104"));
  EXPECT_LT(*AreaCode::FromFive("13103"), *code);
}

TEST(AreaCodeTest, Refused) {
  struct Row {
    const char* name;
    std::string six;
    Reason reason;
    const char* expected;
  };
  const Row rows[] = {
      {"empty", "", "MALFORMED_AREA_CODE"_reason, ""},
      {"five digits", "13104", "MALFORMED_AREA_CODE"_reason, ""},
      {"seven digits", "1310410", "MALFORMED_AREA_CODE"_reason, ""},
      {"letter", "13104l", "MALFORMED_AREA_CODE"_reason, ""},
      {"space", "13104 ", "MALFORMED_AREA_CODE"_reason, ""},
      {"full width", "１３", "MALFORMED_AREA_CODE"_reason, ""},
      {"prefecture 00", "000001", "MALFORMED_AREA_CODE"_reason, ""},
      {"prefecture 48", "480002", "MALFORMED_AREA_CODE"_reason, ""},
      {"wrong digit", "131042", "WRONG_CHECK_DIGIT"_reason, "131041"},
      {"宇都宮市 at 国保連", "092015", "OTHER_CODE_SCHEME"_reason, "092011"},
      {"足利市 at 国保連", "092023", "OTHER_CODE_SCHEME"_reason, "092029"},
      {"上三川町 at 国保連", "093013", "OTHER_CODE_SCHEME"_reason, "093017"},
  };
  for (const Row& row : rows) {
    const auto code = AreaCode::Parse(row.six);
    EXPECT_EQ(ReasonOf(code.status()), row.reason) << row.name;
    const Fault fault = FaultOf(code.status());
    const auto expected = fault.args().find("expected");
    EXPECT_EQ(expected == fault.args().end() ? "" : expected->second, row.expected) << row.name;
  }
}

TEST(AreaCodeTest, WhereBothSchemesAgreeItIsAnAreaCode) {
  int agreeing = 0;
  for (int body = 1000; body < 48000; ++body) {
    const std::string five = std::to_string(100000 + body).substr(1);
    const char digit = AreaCheckDigit(five);
    if (digit != KokuhorenCheckDigit(five)) continue;
    ++agreeing;
    ASSERT_TRUE(AreaCode::Parse(five + digit).ok()) << five;
  }
  EXPECT_GT(agreeing, 1000);
}

TEST(AreaCheckDigitTest, WorkedExamples) {
  for (const std::string six : {"010006", "011002", "131041", "141003", "270008", "092011", "202029"}) {
    EXPECT_EQ(AreaCheckDigit(six.substr(0, 5)), six[5]) << six;
  }
}

int Remainder(const std::string& five) {
  return (6 * (five[0] - '0') + 5 * (five[1] - '0') + 4 * (five[2] - '0') + 3 * (five[3] - '0') + 2 * (five[4] - '0')) %
         11;
}

// The remainders 0 and 10 share a digit, so only a change from one to the other is not detected.
TEST(AreaCheckDigitTest, SingleDigitErrorsPassOnlyBetweenRemainders0And10) {
  int changes = 0, unnoticed = 0;
  for (int body = 1000; body < 48000; ++body) {
    std::string five = std::to_string(100000 + body).substr(1);
    const char right = AreaCheckDigit(five);
    const int before = Remainder(five);
    for (char& place : five) {
      const char kept = place;
      for (char other = '0'; other <= '9'; ++other) {
        if (other == kept) continue;
        place = other;
        ++changes;
        const int after = Remainder(five);
        const bool excused = before + after == 10 && before * after == 0;
        ASSERT_EQ(AreaCheckDigit(five) == right, excused) << body << " " << five;
        unnoticed += excused;
      }
      place = kept;
    }
  }
  EXPECT_GT(unnoticed, 0);
  EXPECT_LT(unnoticed, changes / 50);
}

TEST(ReadAreaCodeTest, Taken) {
  struct Row {
    const char* name;
    const char* text;
    const char* code;
    Reason warning;
    const char* alternative;
  };
  const Row rows[] = {
      {"six digits", "131041", "131041", Reason(), ""},
      {"full width and spaces", "　１３１０４１ ", "131041", Reason(), ""},
      {"新宿区, five digits", "13104", "131041", "CHECK_DIGIT_ADDED"_reason, ""},
      {"東京都, five digits", "13000", "130001", "CHECK_DIGIT_ADDED"_reason, ""},
      {"札幌市, five digits", "01100", "011002", "CHECK_DIGIT_ADDED"_reason, ""},
      {"北海道, six digits, zero lost; 10 006 never was a code", "10006", "010006", "LEADING_ZERO_RESTORED"_reason, ""},
      {"札幌市, six digits, zero lost; 11 002 never was a code", "11002", "011002", "LEADING_ZERO_RESTORED"_reason, ""},
      {"宇都宮市, six digits, zero lost; there is no prefecture 92", "92011", "092011", "LEADING_ZERO_RESTORED"_reason,
       ""},
      {"さいたま市 or 札幌市清田区", "11100", "111007", "CHECK_DIGIT_ADDED"_reason, "011100"},
      {"長岡市 or 幌延町", "15202", "152021", "CHECK_DIGIT_ADDED"_reason, "015202"},
      {"札幌市, five digits, zero lost", "1100", "011002", "LEADING_ZERO_RESTORED"_reason, ""},
      {"宇都宮市, five digits, zero lost", "9201", "092011", "LEADING_ZERO_RESTORED"_reason, ""},
      {"北海道, five digits, zero lost", "1000", "010006", "LEADING_ZERO_RESTORED"_reason, ""},
  };
  for (const Row& row : rows) {
    const auto reading = ReadAreaCode(row.text);
    ASSERT_TRUE(reading.ok()) << row.name << ": " << reading.status();
    EXPECT_EQ(reading->code.six(), row.code) << row.name;
    EXPECT_EQ(reading->warning, row.warning) << row.name;
    EXPECT_EQ(reading->alternative ? reading->alternative->six() : "", row.alternative) << row.name;
  }
}

TEST(ReadAreaCodeTest, Refused) {
  struct Row {
    const char* name;
    const char* text;
    Reason reason;
  };
  const Row rows[] = {{"empty", "", "MALFORMED_AREA_CODE"_reason},
                      {"a name", "新宿区", "MALFORMED_AREA_CODE"_reason},
                      {"three digits", "100", "MALFORMED_AREA_CODE"_reason},
                      {"decimal", "13104.0", "MALFORMED_AREA_CODE"_reason},
                      {"prefecture 00", "0110", "MALFORMED_AREA_CODE"_reason},
                      {"no such prefecture, wrong digit", "48100", "MALFORMED_AREA_CODE"_reason},
                      {"never a code either way", "10005", "MALFORMED_AREA_CODE"_reason},
                      {"four digits, never a code", "1006", "MALFORMED_AREA_CODE"_reason},
                      {"six digits, wrong digit", "１３１０４２", "WRONG_CHECK_DIGIT"_reason},
                      {"宇都宮市 at 国保連", "092015", "OTHER_CODE_SCHEME"_reason},
                      {"the same without its zero", "92015", "OTHER_CODE_SCHEME"_reason}};
  for (const Row& row : rows) EXPECT_EQ(ReasonOf(ReadAreaCode(row.text).status()), row.reason) << row.name;
}

// Every code in a form that was ever assigned is found again after a lost zero, as the reading or as its alternative.
TEST(ReadAreaCodeTest, LostZerosAreNeverLost) {
  for (int body = 1000; body < 10000; ++body) {
    const auto code = AreaCode::FromFive(absl::StrCat("0", body));
    ASSERT_TRUE(code.ok()) << body;
    if (!code->IsPrefecture() && body % 1000 < 100) continue;
    const auto from_six = ReadAreaCode(code->six().substr(1));
    ASSERT_TRUE(from_six.ok()) << *code;
    EXPECT_TRUE(from_six->code == *code || from_six->alternative == *code) << *code;
    const auto from_five = ReadAreaCode(code->five().substr(1));
    ASSERT_TRUE(from_five.ok()) << *code;
    EXPECT_EQ(from_five->code, *code);
  }
}

}  // namespace
}  // namespace tsunagu::jp
