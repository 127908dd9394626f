#include "services/suite/areas.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/import.h"
#include "services/suite/suite_fixture.h"

namespace tsunagu::suite {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kHeading[] = "code,kind,display_name,parent\n310000,PREFECTURE,鳥取県,\n";

class AreasTest : public ::testing::Test {
 protected:
  std::string Import(const std::string& collection, const std::string& file, bool rename = false) {
    ImportOptions options;
    options.collection = collection;
    options.rename = rename;
    std::ostringstream told;
    const auto imported = ImportRows(client_, options, **Input::Open(file), told, silent_);
    return imported.ok() ? told.str() : std::string(imported.status().message());
  }
  absl::Status Propose(const std::string& list, const Client& client) {
    told_.str("");
    return ProposeAreaChanges(client, {list, "2027-04-01", changes_}, told_);
  }

  RunningSuite suite_;
  const Client client_ = suite_.Administrator(), japanese_ = suite_.Administrator("ja");
  Progress silent_{nullptr, Language::kEnglish, Clock::System()};
  const std::string changes_ = (suite_.folder.path / "changes.csv").string();
  std::ostringstream told_;
};

// The written file can be imported once a person has completed the open fields.
TEST_F(AreasTest, TheFileIsImportedOnceItIsComplete) {
  const std::string before = suite_.folder.Write(
      "before.csv", absl::StrCat(kHeading,
                                 "313840,VILLAGE,日吉津村,areas/310000\n313904,TOWN,伯耆町,areas/310000\n"
                                 "313891,TOWN,南部町,areas/310000\n"));
  const std::string after = suite_.folder.Write(
      "after.csv", absl::StrCat(kHeading, "313840,TOWN,日吉津町,areas/310000\n313904,TOWN,伯耆町,areas/310000\n"));
  ASSERT_THAT(Import("areas", before), HasSubstr("4 created"));
  ASSERT_TRUE(Propose(after, japanese_).ok());
  EXPECT_THAT(told_.str(), AllOf(HasSubstr("種別変更: 313840 日吉津村 → 313840 日吉津町"),
                                 HasSubstr("?: 313891 南部町 → ?"), HasSubstr("変更の案: 2件（同じ地域: 2）")));
  const std::string csv = suite_.folder.Read("changes.csv");
  EXPECT_THAT(csv, AllOf(StartsWith("\xEF\xBB\xBF"), HasSubstr("根拠,決めること"), HasSubstr("種別変更,2027-04-01")));
  ASSERT_THAT(Import("areas", after, true), HasSubstr("1 updated"));
  EXPECT_THAT(Import("areaChanges", changes_), AllOf(HasSubstr("1 created"), HasSubstr("1 refused")));
  ASSERT_TRUE(Propose(after, client_).ok());
  EXPECT_THAT(told_.str(), HasSubstr("proposed changes: 1 (areas that are the same: 3)"));
}

TEST_F(AreasTest, WithoutADifference) {
  const std::string list = suite_.folder.Write("list.csv", kHeading);
  ASSERT_THAT(Import("areas", list), HasSubstr("1 created"));
  ASSERT_TRUE(Propose(list, client_).ok());
  EXPECT_EQ(told_.str(), absl::StrCat("proposed changes: 0 (areas that are the same: 1) → ", changes_, "\n"));
}

TEST_F(AreasTest, WhatCannotBeReadLeavesNoFile) {
  EXPECT_EQ(ReasonWord(FaultOf(Propose(suite_.folder.Write("x.csv", "a,b\n1,2\n"), client_))), "INVALID_REQUEST");
  EXPECT_FALSE(std::filesystem::exists(changes_));
}

}  // namespace
}  // namespace tsunagu::suite
