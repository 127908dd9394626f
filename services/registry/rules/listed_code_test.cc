#include "services/registry/rules/listed_code.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gtest/gtest.h"
#include "tsunagu/registry/v1/reason.pb.h"

namespace tsunagu::registry::rules {
namespace {

std::string Read(const ListedCode& row) {
  const AreaNames names = {
      {"012106", "岩見沢市"}, {"121061", "千葉市美浜区"}, {"312011", "鳥取市"}, {"310000", "鳥取県"}};
  const auto reading = ReadListedCode(row, names);
  if (!reading.ok()) return std::string(ReasonOf(reading.status()).word());
  return absl::StrCat(reading->code.six(), reading->warning.none() ? "" : " ", reading->warning.word());
}

class ReadListedCode : public testing::Test {
 protected:
  static void SetUpTestSuite() { Reason::Declare(v1::Reason_descriptor()); }
};

TEST_F(ReadListedCode, ThePrefectureDecidesElseTheNameOfToday) {
  struct Case {
    const char* name;
    ListedCode row;
    const char* read;
  };
  const Case cases[] = {
      {"six digits", {"312011", "鳥取県", "鳥取市"}, "312011"},
      {"six digits, no prefecture", {"312011", "", "鳥取市"}, "312011"},
      {"six digits, another name: whoever stores it judges", {"312011", "鳥取県", "米子市"}, "312011"},
      {"six digits, a damaged prefecture", {"312011", "鳥?県", "鳥取市"}, "312011"},
      {"two readings, 北海道", {"12106", "北海道", "岩見沢市"}, "012106 LEADING_ZERO_RESTORED"},
      {"two readings, 千葉県", {"12106", "千葉県", "千葉市美浜区"}, "121061 CHECK_DIGIT_ADDED"},
      {"two readings, by name", {"12106", "", "岩見沢市"}, "012106 LEADING_ZERO_RESTORED"},
      {"two readings, by a damaged name", {"12106", "", "岩?沢市"}, "012106 LEADING_ZERO_RESTORED"},
      {"two readings, a name of neither", {"12106", "", "鳥取市"}, "AREA_CODE_UNCLEAR"},
      {"two readings, no name", {"12106", "", ""}, "AREA_CODE_UNCLEAR"},
      {"two readings, a third prefecture", {"12106", "鳥取県", "岩見沢市"}, "AREA_CODE_CONTRADICTED"},
      {"one reading, another name", {"31201", "鳥取県", "米子市"}, "AREA_CODE_CONTRADICTED"},
      {"one reading, not there yet", {"31202", "鳥取県", "米子市"}, "312029 CHECK_DIGIT_ADDED"},
      {"one reading, the name has another code", {"31202", "鳥取県", "鳥取市"}, "AREA_CODE_CONTRADICTED"},
      {"another prefecture", {"312011", "島根県", "松江市"}, "AREA_CODE_CONTRADICTED"},
      {"a prefecture's code", {"310000", "鳥取県", ""}, "310000"},
      {"a prefecture's code for a municipality", {"310000", "鳥取県", "鳥取市"}, "AREA_CODE_CONTRADICTED"},
      {"no such prefecture", {"312011", "因幡国", "鳥取市"}, "UNKNOWN_PREFECTURE"},
      {"no code", {"", "鳥取県", "鳥取市"}, "MALFORMED_AREA_CODE"},
      {"another scheme", {"312017", "鳥取県", "鳥取市"}, "OTHER_CODE_SCHEME"},
      {"a wrong check digit", {"312012", "鳥取県", "鳥取市"}, "WRONG_CHECK_DIGIT"},
  };
  for (const Case& c : cases) EXPECT_EQ(Read(c.row), c.read) << c.name;
}

}  // namespace
}  // namespace tsunagu::registry::rules
