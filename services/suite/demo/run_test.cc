#include "services/suite/demo/run.h"

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/suite/demo/report.h"
#include "services/suite/demo/suite.h"

namespace tsunagu::suite {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kAreas[] =
    "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n"
    "310000,鳥取県,,トットリケン,\n"
    "312011,鳥取県,鳥取市,トットリケン,トットリシ\n"
    "999999,鳥取県,無番地市,トットリケン,ムバンチシ\n";

std::string Facilities() {
  std::string csv = "facility_id,display_name,area,latitude_e6,longitude_e6\n";
  for (int i = 10; i < 30; ++i) {
    absl::StrAppend(&csv, "f-", i, ",見本事業所（架空）", i, ",areas/312011,", 35'400'000 + i * 7'000, ",134200000\n");
  }
  return csv;
}

// A suite of its own with files beside it.
class DemoRunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(suite_.ok() && folder_.ok()) << suite_.status() << folder_.status();
    plan_.areas = Write("areas.csv", kAreas);
    plan_.facilities = Write("facilities.csv", Facilities());
    plan_.nurses = 60;
    plan_.area = "areas/310000";
  }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = absl::StrCat((*folder_)->path(), "/", name);
    std::ofstream(path) << text;
    return path;
  }

  absl::StatusOr<DemoReport> Run() {
    ClientFlags flags;
    flags.address = (*suite_)->address();
    flags.key_file = (*suite_)->admin_key_file();
    flags.language = "en";
    ASSIGN_OR_RETURN(const Client client, Client::Open(flags));
    DemoReport report;
    DemoRun run(client, plan_, [this](absl::string_view step) { steps_.emplace_back(step); });
    RETURN_IF_ERROR(run.Run(report));
    return report;
  }

  void Restart() {
    suite_ = absl::CancelledError();
    suite_ = TemporarySuite::Start(1);
  }

  absl::StatusOr<std::unique_ptr<TemporarySuite>> suite_ = TemporarySuite::Start(1);
  absl::StatusOr<std::unique_ptr<TemporaryFolder>> folder_ = TemporaryFolder::Make();
  DemoPlan plan_;
  std::vector<std::string> steps_;
};

std::vector<int64_t> Counts(const Imported& imported) {
  const auto& summary = imported.summary;
  return {summary.created_count(), summary.unchanged_count(), summary.refused_count()};
}

TEST_F(DemoRunTest, MatchesAndProvesIt) {
  const auto report = Run();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(steps_, ElementsAre("areas", "facilities", "openings", "nurses", "solve", "verify", "read"));
  ASSERT_EQ(report->imports.size(), 4);
  EXPECT_THAT(Counts(report->imports[0]), ElementsAre(2, 0, 1));
  EXPECT_THAT(Counts(report->imports[1]), ElementsAre(20, 0, 0));
  EXPECT_THAT(Counts(report->imports[3]), ElementsAre(60, 0, 0));
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

TEST_F(DemoRunTest, IsTheSameInEverySuite) {
  const auto first = Run();
  Restart();
  const auto second = Run();
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  EXPECT_EQ(first->round.snapshot_digest(), second->round.snapshot_digest());
  EXPECT_EQ(first->round.result_digest(), second->round.result_digest());
  EXPECT_EQ(first->round.name(), second->round.name());
}

TEST_F(DemoRunTest, ImportingAgainChangesNothing) {
  const auto first = Run();
  const auto second = Run();
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  EXPECT_THAT(Counts(second->imports[0]), ElementsAre(0, 2, 1));
  EXPECT_THAT(Counts(second->imports[1]), ElementsAre(0, 20, 0));
  EXPECT_EQ(second->imports[2].summary.unchanged_count(), first->imports[2].summary.created_count());
  EXPECT_THAT(Counts(second->imports[3]), ElementsAre(0, 60, 0));
  EXPECT_EQ(first->round.snapshot_digest(), second->round.snapshot_digest());
}

TEST_F(DemoRunTest, WithoutFilesTakesWhatIsThere) {
  ASSERT_TRUE(Run().ok());
  plan_ = DemoPlan();
  steps_.clear();
  const auto report = Run();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(steps_, ElementsAre("solve", "verify", "read"));
  EXPECT_EQ(report->round.nurse_count(), 60);
}

TEST_F(DemoRunTest, SaysWhatWasRefusedAndInventedAndNobodysName) {
  const auto report = Run();
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string english = ReportText(*report, Language::kEnglish);
  EXPECT_THAT(english, AllOf(HasSubstr("areas row 4 refused"), HasSubstr("invented from seed 1"),
                             HasSubstr("invented data: openings and nurses"), HasSubstr("stable")));
  EXPECT_THAT(ReportText(*report, Language::kJapanese), AllOf(HasSubstr("地域 4行目 拒否"), HasSubstr("安定")));
  const std::string json = ReportJson(*report);
  for (const char* name : {"花子", "太郎", "一花", "二葉", "三月", "四季"}) {
    EXPECT_THAT(english, Not(HasSubstr(name)));
    EXPECT_THAT(json, Not(HasSubstr(name)));
  }
}

TEST_F(DemoRunTest, TheSameFactsAsJson) {
  const auto report = Run();
  ASSERT_TRUE(report.ok()) << report.status();
  const auto json = nlohmann::json::parse(ReportJson(*report));
  EXPECT_EQ(json["counts"]["matched_count"], report->round.matched_count());
  EXPECT_EQ(json["imports"][0]["rows"][0]["row"], 4);
  EXPECT_EQ(json["imports"][0]["invented"], false);
  EXPECT_EQ(json["imports"][3]["invented"], true);
  EXPECT_EQ(json["verifier"]["stable"], true);
  EXPECT_EQ(json["result_digest"], report->round.result_digest());
  EXPECT_TRUE(json["milliseconds"].contains("solve"));
}

TEST_F(DemoRunTest, ErrorsAreThoseOfTheServerAndOfTheFile) {
  plan_.areas = Write("no-areas.csv", "a,b\n1,2\n");
  EXPECT_EQ(ReasonOf(Run().status()), "INVALID_REQUEST"_reason);
  plan_.areas = "/no/such/file.csv";
  EXPECT_THAT(ErrorJson(Run().status(), Language::kEnglish), HasSubstr("FILE_NOT_READABLE"));
}

}  // namespace
}  // namespace tsunagu::suite
