#include "common/base/error.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tsunagu {
namespace {

TEST(Faults, KeepsTheFirstOfEachKindAndCountsTheRest) {
  Faults faults;
  for (int i = 0; i < 100'000; ++i) faults.Add(absl::StrCat("a[", i, "]"), "BROKEN_CHARACTERS"_reason);
  EXPECT_EQ(faults.all().size(), 20u);
  for (int i = 0; i < 100'000; ++i) faults.Add("b", "FIELD_REQUIRED"_reason);
  ASSERT_EQ(faults.all().size(), 40u) << "warnings leave room for refusals";
  EXPECT_EQ(faults.all()[19].field(), "a[19]");
  EXPECT_EQ(faults.all()[39].reason(), "FIELD_REQUIRED");
  EXPECT_EQ(faults.omitted(), 199'960);
  Faults others;
  others.Add("c", faults.ToStatus());
  EXPECT_EQ(others.all().size(), 40u);
  EXPECT_EQ(others.all()[0].field(), "c.a[0]");
  EXPECT_EQ(others.omitted(), 199'960);
}

TEST(Fault, ArgumentsAreCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "長";
  const Fault fault = MakeFault("", "REFERENCE_NOT_FOUND"_reason, {{"name", text}});
  EXPECT_EQ(fault.args().at("name"), text.substr(0, 999) + "…");
  EXPECT_EQ(MakeFault("", "REFERENCE_NOT_FOUND"_reason, {{"name", std::string(1000, 'a')}}).args().at("name").size(),
            1000u);
}

// An HTTP header may contain such bytes.
TEST(Fault, BytesThatAreNoTextAreShownAsSuch) {
  const absl::Status status = Fail("MEDIA_TYPE_UNKNOWN"_reason, {{"type",
                                                                  "\x9F"
                                                                  "application/\xE9\x95\xB7\xE9\x95"}});
  EXPECT_EQ(ReasonOf(status), "MEDIA_TYPE_UNKNOWN"_reason);
  EXPECT_EQ(FaultOf(status).args().at("type"),
            "\xEF\xBF\xBD"
            "application/長\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Fault, TextsForJapaneseReadersHaveJapaneseArguments) {
  const Fault fault = MakeFault("", "UNKNOWN_ENUM_VALUE"_reason, {{"allowed", "TOWN"}, {"allowed_ja", "町"}});
  EXPECT_EQ(Text(fault, Language::kJapanese), "この項目にない値です。使える値: 町");
  EXPECT_EQ(Text(fault, Language::kEnglish), "Not a value of this field. Values: TOWN");
}

}  // namespace
}  // namespace tsunagu
