#include "services/suite/recommend.h"

#include <sstream>
#include <string>

#include "common/host/words.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/import.h"
#include "services/suite/suite_fixture.h"

namespace tsunagu::suite {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class RecommendTest : public ::testing::Test {
 protected:
  void SetUp() override {
    client_.once.purpose = client_.stream.purpose = "tests";
    japanese_.once.purpose = japanese_.stream.purpose = "tests";
    Import("areas", "code,kind,display_name,parent\n310000,PREFECTURE,鳥取県,\n312011,CITY,鳥取市,areas/310000\n");
    Import(
        "facilities",
        "facility_id,display_name,area,latitude_e6,longitude_e6\nakane,見本あかね,areas/312011,35495111,134231278\n");
    Import(
        "openings",
        "opening_id,facility,area,posts,licences,required_skills,weekly_minutes\n"
        "o1,facilities/akane,areas/312011,1,NURSE,SUCTION,900\no2,facilities/akane,areas/312011,1,,VENTILATOR,900\n");
    Import("legalBases",
           "legal_basis_id,operator_code,area,kind,number,opening_kinds\np,areas/310000,areas/"
           "310000,NOTICE,1,EMPLOYMENT\n");
    Import("nurses",
           "source_key,display_name,licence,skills,weekly_minutes,home_mesh,home_area,commute_limit_metres,seeking\n"
           "n1,見本一花,NURSE,SUCTION,1200,53341198,areas/312011,8000,true\n"
           "n2,見本二葉,NURSE,,1200,53341198,areas/312011,8000,true\n");
  }
  void Import(const std::string& collection, const std::string& rows) {
    ImportOptions options;
    options.collection = collection;
    const std::string file = suite_.folder.Write(collection + ".csv", rows);
    std::ostringstream told;
    const auto imported = ImportRows(client_, options, **Input::Open(file), told, silent_);
    ASSERT_TRUE(imported.ok() && told.str().find(" 0 refused") != std::string::npos) << told.str() << imported.status();
  }
  static std::string Told(const Client& client, const RecommendOptions& options) {
    std::ostringstream told;
    const absl::Status done = Recommend(client, options, told);
    if (done.ok()) return told.str();
    const auto here = FailureHereIn(done);
    return !here ? done.ToString() : client.once.language == Language::kJapanese ? here->ja : here->en;
  }

  RunningSuite suite_;
  Client client_ = suite_.Administrator(), japanese_ = suite_.Administrator("ja");
  Progress silent_{nullptr, Language::kEnglish, Clock::System()};
};

TEST_F(RecommendTest, TellsOfAnOpeningInBothLanguages) {
  RecommendOptions options;
  options.opening = "o1";
  options.operator_code = "areas/310000";
  options.basis = "p";
  EXPECT_THAT(Told(client_, options),
              AllOf(HasSubstr("Nurses who could take it: 1 of 2\n  1. nurses/"),
                    HasSubstr("     gives all care that is needed (suction)\n"),
                    HasSubstr("One thing is missing:\n  - nurses/"),
                    HasSubstr("     with training in suction\nwith training in suction: 1 more nurse\n"
                              "stopped by SKILLS: 1 (by nothing else: 1)\n")));
  EXPECT_THAT(Told(japanese_, options),
              AllOf(HasSubstr("この求人に紹介できる看護職員: 1人（確認した2人のうち）\n  1. nurses/"),
                    HasSubstr("あと一つで紹介できるもの:\n  - nurses/"), HasSubstr("     吸引の研修を受ければ\n"),
                    HasSubstr("妨げ（できるケア）: 1人（そのうち、ほかに妨げがない: 1）\n")));
  options.basis = "";
  EXPECT_THAT(Told(client_, options),
              AllOf(HasSubstr("Nurses who could take it: 1 of 2\nwith training"), Not(HasSubstr("nurses/")),
                    HasSubstr("No names (openings: 1): No legal basis is named. Register the notification ")));
  EXPECT_THAT(Told(japanese_, options),
              HasSubstr("名前は出せません（求人1件）: 職業紹介の根拠が指定されていません。職業紹介の届出"));
}

TEST_F(RecommendTest, TellsOfSomebodyOnTheTelephone) {
  RecommendOptions options;
  options.licence = "NURSE";
  options.skills = {"吸引", "OXYGEN"};
  options.weekly_minutes = 1200;
  options.home_mesh = "53341198";
  options.commute_limit_metres = 5000;
  options.operator_code = "areas/310000";
  options.basis = "p";
  EXPECT_THAT(Told(client_, options),
              AllOf(HasSubstr("Openings that fit: 1 of 2\n  1. openings/o1 facilities/akane\n"),
                    HasSubstr("  - openings/o2 facilities/akane\n     with training in ventilator\n"),
                    HasSubstr("with training in ventilator: 1 more opening\n")));
  options.skills = {"SINGING"};
  EXPECT_EQ(Told(client_, options), "There is no such word: SINGING");
  options.opening = "o1";
  EXPECT_EQ(Told(client_, options), "Give one of --opening, --nurse and --licence.");
  EXPECT_EQ(Told(japanese_, {}), "--opening、--nurse、--licence のどれか一つを指定してください。");
}

}  // namespace
}  // namespace tsunagu::suite
