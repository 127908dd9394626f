#include "services/suite/reasons.h"

#include <sstream>

#include "common/host/words.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::suite {
namespace {

using ::testing::HasSubstr;

std::string Told(const std::vector<std::string>& words, Language language = Language::kEnglish) {
  std::ostringstream out;
  const absl::Status told = TellReasons(words, language, out);
  return told.ok() ? out.str() : WordsOf(told);
}

TEST(ReasonsTest, OfOneAndOfAll) {
  EXPECT_EQ(Told({"FIELD_REQUIRED"}), "FIELD_REQUIRED: A value is required.\n");
  EXPECT_EQ(Told({"field_required"}, Language::kJapanese), "FIELD_REQUIRED: 必須です。\n");
  EXPECT_THAT(Told({}), testing::AllOf(HasSubstr("\nFIELD_REQUIRED: "), HasSubstr("\nROUND_NOT_SOLVED: ")));
}

TEST(ReasonsTest, AResourceHasItsOwnWord) {
  EXPECT_THAT(Told({"AREA_NOT_FOUND"}), testing::StartsWith("AREA_NOT_FOUND: Not found: "));
}

TEST(ReasonsTest, WhatIsNoneIsTold) {
  EXPECT_THAT(Told({"NO_SUCH_WORD"}), HasSubstr("There is no reason NO_SUCH_WORD."));
}

}  // namespace
}  // namespace tsunagu::suite
