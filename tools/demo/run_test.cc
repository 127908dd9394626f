#include "tools/demo/run.h"

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/import.h"
#include "services/suite/suite_fixture.h"
#include "tools/demo/report.h"

namespace tsunagu::demo {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kAreas[] =
    "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n"
    "310000,鳥取県,,トットリケン,\n"
    "312011,鳥取県,鳥取市,トットリケン,トットリシ\n";

std::string Facilities() {
  std::string csv = "facility_id,display_name,area,latitude_e6,longitude_e6\n";
  for (int i = 10; i < 30; ++i) {
    absl::StrAppend(&csv, "f-", i, ",見本事業所（架空）", i, ",areas/312011,", 35'400'000 + i * 7'000, ",134200000\n");
  }
  return csv;
}

// A suite with areas and facilities.
class DemonstrateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Import("areas", kAreas);
    Import("facilities", Facilities());
  }

  void Import(const std::string& collection, const std::string& csv) {
    suite::ImportOptions options;
    options.collection = collection;
    suite::Progress progress = suite::Progress::OnTerminal(Language::kEnglish);
    std::ostringstream lines;
    const auto summary = suite::ImportRows(client_, options, *suite::Input::Of(csv), lines, progress);
    ASSERT_TRUE(summary.ok()) << summary.status() << lines.str();
    ASSERT_EQ(summary->refused_count(), 0) << lines.str();
  }

  absl::StatusOr<DemoReport> Run() {
    imports_.str("");
    return Demonstrate(client_, plan_, imports_);
  }

  static suite::Client ForThis(suite::Client client) {
    client.once.purpose = client.stream.purpose = "demo";
    return client;
  }

  const suite::RunningSuite suite_;
  const suite::Client client_ = ForThis(suite_.Administrator());
  DemoPlan plan_ = {.openings = true, .nurses = 60, .seed = 1, .area = "areas/310000"};
  std::ostringstream imports_;
};

std::vector<std::string> Steps(const DemoReport& report) {
  std::vector<std::string> steps;
  for (const auto& [step, millis] : report.millis) steps.push_back(step);
  return steps;
}

TEST_F(DemonstrateTest, MatchesAndProvesIt) {
  const auto report = Run();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(Steps(*report), ElementsAre("openings", "nurses", "solve", "verify", "read"));
  EXPECT_THAT(imports_.str(), HasSubstr("nurses: 60 rows: 60 created"));
  EXPECT_TRUE(report->verdict.stable());
  EXPECT_EQ(report->round.nurse_count(), 60);
  EXPECT_GT(report->round.matched_count(), 0);
  int64_t placed = 0, posts = 0, filled = 0, unplaced = 0;
  for (const int64_t count : report->outcome.by_choice) placed += count;
  for (const auto& line : report->outcome.facilities) posts += line.posts, filled += line.filled;
  for (const auto& line : report->outcome.unmatched) unplaced += line.nurses;
  EXPECT_EQ(placed, report->round.matched_count());
  EXPECT_EQ(filled, report->round.matched_count());
  EXPECT_EQ(posts, report->round.post_count());
  EXPECT_EQ(placed + unplaced, 60);
}

TEST_F(DemonstrateTest, ImportingAgainChangesNothing) {
  const auto first = Run();
  const auto second = Run();
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  EXPECT_THAT(imports_.str(), HasSubstr("nurses: 60 rows: 0 created, 0 updated, 60 unchanged"));
  EXPECT_EQ(first->round.snapshot_digest(), second->round.snapshot_digest());
}

TEST_F(DemonstrateTest, InventsOnlyWhatIsAskedFor) {
  ASSERT_TRUE(Run().ok());
  plan_ = DemoPlan();
  const auto report = Run();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(Steps(*report), ElementsAre("solve", "verify", "read"));
  EXPECT_EQ(imports_.str(), "");
  EXPECT_EQ(report->round.nurse_count(), 60);
  EXPECT_THAT(ReportText(*report, Language::kEnglish), AllOf(HasSubstr("everywhere"), Not(HasSubstr("invented from"))));
}

// Openings of one's own: faulty rows are reported and take no part, and the others are not marked as invented.
TEST_F(DemonstrateTest, TakesOpeningsFromAFile) {
  plan_.openings_file = absl::StrCat(::testing::TempDir(), "/demo-openings.csv");
  std::ofstream(plan_.openings_file) << "求人ID,事業所,地域,人数,週の勤務分数\n"
                                        "own-1,facilities/f-10,areas/312011,2,600\n"
                                        "own-2,facilities/f-11,areas/312011,0,600\n"
                                        "own-3,facilities/f-12,areas/312011,3,1200\n";
  const auto report = Run();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(imports_.str(), HasSubstr("openings: 3 rows: 2 created, 0 updated, 0 unchanged, 0 warned, 1 refused"));
  EXPECT_EQ(report->round.opening_count(), 2);
  EXPECT_EQ(report->round.post_count(), 5);
  EXPECT_TRUE(report->verdict.stable());
  EXPECT_THAT(ReportText(*report, Language::kEnglish), HasSubstr("invented from seed 1: nurses\n"));
  plan_.openings_file = "no-such-file.csv";
  EXPECT_THAT(suite::ErrorJson(Run().status(), Language::kEnglish), HasSubstr("FILE_NOT_READABLE"));
}

// The opening with the largest shortage requires more than anybody can do, and the first basis has ended.
TEST_F(DemonstrateTest, NamesCandidatesWhereThereAreAny) {
  plan_.openings_file = absl::StrCat(::testing::TempDir(), "/demo-shortages.csv");
  std::ofstream(plan_.openings_file)
      << "opening_id,facility,area,posts,weekly_minutes,required_skills\n"
         "all,facilities/f-10,areas/"
         "312011,200,600,SUCTION;TUBE_FEEDING;TRACHEOSTOMY;VENTILATOR;OXYGEN;INJECTION;CATHETER;SEIZURE\n"
         "any,facilities/f-20,areas/312011,90,600,\n";
  const std::string basis =
      "legal_basis_id,operator_code,area,kind,number,opening_kinds,valid_from_date,valid_to_date\n";
  Import("legalBases", basis + "a,areas/310000,areas/310000,NOTICE,1,EMPLOYMENT,2020-04-01,2021-03-31\n");
  const auto without = Run();
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_EQ(without->basis, "");
  EXPECT_THAT(ReportText(*without, Language::kEnglish), HasSubstr("no legal basis for mediation holds here today"));
  Import("legalBases", basis + "b,areas/310000,areas/310000,NOTICE,2,EMPLOYMENT,2026-04-01,\n");
  const auto report = Run();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->shortages.shortages(0).opening(), "openings/all");
  EXPECT_EQ(report->basis, "legalBases/b");
  EXPECT_EQ(report->recommended_for, "facilities/f-20");
  EXPECT_EQ(report->recommendation.candidates_size(), 5);
  EXPECT_THAT(ReportText(*report, Language::kEnglish), Not(HasSubstr("nobody fits")));
}

TEST_F(DemonstrateTest, TheReportNamesPlacesAndNoPerson) {
  const auto report = Run();
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string english = ReportText(*report, Language::kEnglish);
  EXPECT_THAT(english, AllOf(HasSubstr("where              鳥取県 (310000)\n"),
                             HasSubstr("invented from seed 1: openings and nurses"),
                             HasSubstr("certificate verified by the separate verifier: yes")));
  EXPECT_THAT(ReportText(*report, Language::kJapanese), AllOf(HasSubstr("範囲          鳥取県（310000）\n"),
                                                              HasSubstr("求人と看護職員は架空のデータです（種 1）"),
                                                              HasSubstr("別の検証プログラムで確認: はい")));
  for (const char* name : {"花子", "太郎", "一花", "二葉", "三月", "四季"}) EXPECT_THAT(english, Not(HasSubstr(name)));
}

TEST_F(DemonstrateTest, ErrorsAreThoseOfTheServer) {
  plan_.area = "areas/320005";
  EXPECT_THAT(suite::ErrorJson(Run().status(), Language::kEnglish), HasSubstr("AREA_NOT_FOUND"));
}

}  // namespace
}  // namespace tsunagu::demo
