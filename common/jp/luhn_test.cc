#include "common/jp/luhn.h"

#include <string>

#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

TEST(LuhnDigitTest, Rows) {
  struct Row {
    const char* name;
    const char* digits;
    char expected;
  };
  const Row rows[] = {{"Hyogo child service", "135000001", '2'},
                      {"Osaka child service", "275000001", '6'},
                      {"zeros", "000000000", '0'},
                      {"宇都宮市 at 国保連", "09201", '5'},
                      {"足利市 at 国保連", "09202", '3'},
                      {"上三川町 at 国保連", "09301", '3'}};
  for (const Row& row : rows) EXPECT_EQ(LuhnDigit(row.digits), row.expected) << row.name;
}

TEST(LuhnDigitTest, NoSingleWrongDigitPasses) {
  for (int body = 0; body < 100000; ++body) {
    std::string digits = std::to_string(100000 + body).substr(1);
    const char right = LuhnDigit(digits);
    for (char& place : digits) {
      const char kept = place;
      for (char other = '0'; other <= '9'; ++other) {
        if (other == kept) continue;
        place = other;
        ASSERT_NE(LuhnDigit(digits), right) << digits;
      }
      place = kept;
    }
  }
}

}  // namespace
}  // namespace tsunagu::jp
