#include "services/suite/publications.h"

#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/suite_fixture.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::suite {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

class PublicationsTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto& [code, kind, name] : {std::tuple("310000", registry::v1::AREA_KIND_PREFECTURE, "見本県"),
                                           {"312011", registry::v1::AREA_KIND_CITY, "見本市"}}) {
      registry::v1::CreateAreaRequest create;
      create.mutable_area()->set_code(code);
      create.mutable_area()->set_kind(kind);
      create.mutable_area()->set_display_name(name);
      if (kind == registry::v1::AREA_KIND_CITY) create.mutable_area()->set_parent("areas/310000");
      const auto area =
          client_.peer->Unary<registry::v1::Area>("tsunagu.registry.v1.AreaService/CreateArea", create, client_.once);
      ASSERT_TRUE(area.ok()) << area.status();
    }
    options_.title = "見本の公表";
    options_.prefecture = "310000";
    options_.day = "2019-08-01";
    options_.tables = {"stages", "stages-and-trainings"};
    options_.groupings = {"kinds"};
  }
  template <typename Command, typename... More>
  static std::string Told(Command command, const Client& client, const More&... more) {
    std::ostringstream told;
    const absl::Status done = command(client, more..., told);
    return done.ok() ? told.str() : ErrorJson(done, client.once.language);
  }

  RunningSuite suite_;
  const Client client_ = suite_.Administrator(), japanese_ = suite_.Administrator("ja");
  PublicationOptions options_;
};

TEST_F(PublicationsTest, FromTheTablesToTheirWithdrawal) {
  options_.dry_run = true;
  EXPECT_EQ(Told(MakePublication, japanese_, options_), "数7件、うち秘匿0件\n");
  options_.dry_run = false;
  const std::string made = Told(MakePublication, client_, options_), name = made.substr(0, made.find('\n'));
  EXPECT_THAT(made, MatchesRegex("publications/[a-z0-9]+\n7 figures, 0 of them withheld\n"));
  const std::string csv = (suite_.folder.path / "p.csv").string(), json = (suite_.folder.path / "p.json").string();
  EXPECT_THAT(Told(WritePublication, client_, name, csv, false),
              MatchesRegex(absl::StrCat(csv, "\nSHA-256: [0-9a-f]{64}\n")));
  EXPECT_THAT(suite_.folder.Read("p.csv"),
              HasSubstr("2019-08-01,配置人数（実績・予定）,areas/312011,見本市,actual,実績,0\r\n"));
  EXPECT_THAT(Told(WritePublication, client_, name, json, false), HasSubstr(json));
  EXPECT_THAT(suite_.folder.Read("p.json"), HasSubstr("\"title\":\"見本の公表\""));
  EXPECT_THAT(Told(WritePublication, client_, name, (suite_.folder.path / "none/x").string(), false),
              HasSubstr("FILE_NOT_WRITABLE"));
  EXPECT_EQ(Told(WithdrawPublication, client_, name, std::string("誤り")), absl::StrCat("withdrawn: ", name, "\n"));
  EXPECT_THAT(Told(WritePublication, client_, name, json, false), HasSubstr("PUBLICATION_WITHDRAWN"));
  const std::string kept = (suite_.folder.path / "kept.json").string();
  EXPECT_THAT(Told(WritePublication, client_, name, kept, true), HasSubstr("SHA-256"));
  EXPECT_EQ(suite_.folder.Read("kept.json"), suite_.folder.Read("p.json"));
}

TEST_F(PublicationsTest, WhatIsNoChoiceIsSaid) {
  options_.tables = {"everything"};
  EXPECT_THAT(Told(MakePublication, japanese_, options_), HasSubstr("「everything」は指定できません。"));
  options_.tables = {"stages"};
  options_.groupings = {"unspecified"};
  EXPECT_THAT(Told(MakePublication, client_, options_), HasSubstr("UNKNOWN_WORD"));
}

}  // namespace
}  // namespace tsunagu::suite
