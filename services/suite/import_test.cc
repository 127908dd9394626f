#include "services/suite/import.h"

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "common/text/sheet/spool.h"
#include "common/text/sheet/writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/suite/suite_fixture.h"

namespace tsunagu::suite {
namespace {

using ::testing::HasSubstr;

constexpr char kHeading[] = "code,kind,display_name,parent\n";
constexpr char kTottori[] = "310000,PREFECTURE,鳥取県,\n";
constexpr char kCity[] = "312011,CITY,鳥取市,areas/310000\n";
constexpr char kWrong[] = "312012,CITY,鳥取市,areas/310000\n";

ImportOptions Areas() {
  ImportOptions options;
  options.collection = "areas";
  return options;
}

// A workbook of areas, whose cells are text.
std::string Workbook(const std::vector<std::vector<std::string>>& rows) {
  auto spool = sheet::Spool::Create(0);
  auto writer = sheet::Writer::Create({"areas", {{"code"}, {"kind"}, {"display_name"}, {"parent"}}}, spool->path());
  for (const auto& row : rows) EXPECT_TRUE((*writer)->Add(row).ok());
  EXPECT_TRUE((*writer)->Finish().ok());
  std::string bytes(static_cast<size_t>(*spool->Size()), '\0');
  EXPECT_TRUE(spool->Read(0, absl::MakeSpan(&bytes[0], bytes.size())).ok());
  return bytes;
}

class ImportTest : public ::testing::Test {
 protected:
  absl::StatusOr<platform::v1::ImportSummary> Import(const std::string& csv, ImportOptions options = Areas(),
                                                     const std::string& language = "en") {
    Progress silent(nullptr, Language::kEnglish, Clock::System());
    return ImportRows(suite_.Administrator(language), std::move(options), *Input::Of(csv), out_, silent);
  }

  RunningSuite suite_;
  std::ostringstream out_;
};

TEST_F(ImportTest, SaysWhatWasDone) {
  const auto summary = Import(std::string(kHeading) + kTottori + kCity);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->created_count(), 2);
  EXPECT_EQ(out_.str(), "areas: 2 rows: 2 created, 0 updated, 0 unchanged, 0 warned, 0 refused\n");
}

TEST_F(ImportTest, NamesRefusedRows) {
  const auto summary = Import(std::string(kHeading) + kTottori + kWrong, Areas(), "ja");
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->refused_count(), 1);
  EXPECT_EQ(out_.str(),
            "3行目  拒否  code  WRONG_CHECK_DIGIT  団体コードの検査数字が違います。正しくは312011です。\n"
            "areas: 2行　新規 1　更新 0　変更なし 0　警告 0　拒否 1\n");
}

TEST_F(ImportTest, Json) {
  ImportOptions options = Areas();
  options.json = true;
  options.request_id = "r1";
  options.dry_run = true;
  ASSERT_TRUE(Import(std::string(kHeading) + kWrong, options).ok());
  std::istringstream lines(out_.str());
  std::string row, summary;
  ASSERT_TRUE(std::getline(lines, row) && std::getline(lines, summary));
  EXPECT_EQ(nlohmann::json::parse(row)["faults"][0]["reason"], "WRONG_CHECK_DIGIT");
  EXPECT_EQ(nlohmann::json::parse(summary), nlohmann::json::parse(R"({"request_id": "r1", "summary": {
      "row_count": 1, "created_count": 0, "updated_count": 0, "unchanged_count": 0, "warned_count": 0,
      "refused_count": 1, "missing_count": 0, "not_wanted_count": 0, "warnings": [], "dry_run": true,
      "layout": "contract"}})"));
}

TEST_F(ImportTest, WholeListsAndOtherNames) {
  ASSERT_TRUE(Import(std::string(kHeading) + kTottori + kCity).ok());
  out_.str("");
  ImportOptions options = Areas();
  options.full = true;
  ASSERT_TRUE(Import(std::string(kHeading) + kTottori, options).ok());
  EXPECT_THAT(out_.str(), HasSubstr("missing  areas/312011  鳥取市\n"));
  EXPECT_THAT(out_.str(), HasSubstr("0 refused, 1 missing\n"));
  const std::string renamed = std::string(kHeading) + "312011,CITY,新鳥取市,areas/310000\n";
  EXPECT_EQ(Import(renamed)->refused_count(), 1);
  options.rename = true;
  EXPECT_EQ(Import(renamed, options)->updated_count(), 1);
}

TEST_F(ImportTest, DryRunStoresNothing) {
  ImportOptions options = Areas();
  options.dry_run = true;
  ASSERT_TRUE(Import(std::string(kHeading) + kTottori, options).ok());
  EXPECT_THAT(out_.str(), HasSubstr("(dry run: nothing was stored)"));
  EXPECT_EQ(Import(std::string(kHeading) + kTottori)->created_count(), 1);
}

TEST_F(ImportTest, AllOrNothing) {
  ImportOptions options = Areas();
  options.atomic = true;
  EXPECT_EQ(ReasonOf(Import(std::string(kHeading) + kTottori + kWrong, options).status()),
            "ATOMIC_IMPORT_REFUSED"_reason);
  EXPECT_THAT(out_.str(), HasSubstr("row 3  refused"));
  EXPECT_EQ(Import(std::string(kHeading) + kTottori)->created_count(), 1);
}

TEST_F(ImportTest, TheSameRequestAgainIsTheSameOutcome) {
  ImportOptions options = Areas();
  options.request_id = "r1";
  EXPECT_EQ(Import(std::string(kHeading) + kTottori, options)->created_count(), 1);
  EXPECT_EQ(Import(std::string(kHeading) + kTottori, options)->created_count(), 1);
  EXPECT_EQ(Import(std::string(kHeading) + kTottori)->unchanged_count(), 1);
}

TEST_F(ImportTest, ManyPieces) {
  std::string csv = "facility_id,display_name,area,service_kind\n";
  for (int i = 0; i < 12'000; ++i) csv += "f" + std::to_string(i) + ",施設,areas/310000,AFTER_SCHOOL_DAY_SERVICE\n";
  ASSERT_GT(csv.size(), 512u << 10);
  ImportOptions options;
  options.collection = "facilities";
  options.dry_run = true;
  ASSERT_TRUE(Import(std::string(kHeading) + kTottori).ok());
  const auto summary = Import(csv, options);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->row_count(), 12'000);
}

TEST_F(ImportTest, UnknownCollection) {
  ImportOptions options;
  options.collection = "roles";  // such a resource exists, but cannot be imported
  const absl::Status status = Import("x\n", options).status();
  EXPECT_EQ(ReasonOf(status), "NOT_IMPORTABLE"_reason);
  EXPECT_EQ(
      FaultOf(status).faults(0).args().at("allowed"),
      "allotments, applications, approvalLimits, areaChanges, areaRoles, areas, attendances, budgetChanges, "
      "budgetLines, "
      "commitmentActs, commitments, commuteRules, coordinatorTrainings, coordinators, councils, courses, decisions, "
      "enrollments, facilities, filings, jointGroupMembers, jointGroups, learners, legalBases, localIssues, meetings, "
      "nurseTrainings, nurses, openings, payments, permitApplications, permitRules, placements, planTargets, "
      "providers, regionMembers, regions, serviceKinds, serviceRecords, statements, testResults, travelTimes, trials, "
      "usageGrants, viewings, visitContracts, visitSupplies, workerFilings");
}

TEST_F(ImportTest, AWorkbookNamesItsCells) {
  ImportOptions options = Areas();
  options.workbook = true;
  const std::string workbook =
      Workbook({{"310000", "PREFECTURE", "鳥取県"}, {"312012", "CITY", "鳥取市", "areas/310000"}});
  const auto summary = Import(workbook, options, "ja");
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(out_.str(),
            "A3  拒否  code  WRONG_CHECK_DIGIT  団体コードの検査数字が違います。正しくは312011です。\n"
            "areas: 2行　新規 1　更新 0　変更なし 0　警告 0　拒否 1\n");
  out_.str("");
  options.json = options.dry_run = true;
  options.sheet = "areas";
  ASSERT_TRUE(Import(workbook, options).ok());
  EXPECT_EQ(nlohmann::json::parse(out_.str().substr(0, out_.str().find('\n')))["faults"][0]["cell"], "A3");
  options.sheet = "other";
  EXPECT_EQ(ReasonOf(Import(workbook, options).status()), "SHEET_NOT_FOUND"_reason);
}

TEST_F(ImportTest, WhatIsNoWorkbookIsSaidInWords) {
  ImportOptions options = Areas();
  options.workbook = true;
  const absl::Status status = Import(kHeading, options).status();
  EXPECT_THAT(Text(FaultOf(status), Language::kJapanese), HasSubstr("CSV"));
  EXPECT_THAT(Text(FaultOf(status), Language::kJapanese), HasSubstr("「Excel ブック（.xlsx）」として保存"));
  EXPECT_THAT(Text(FaultOf(status), Language::kEnglish), HasSubstr("save it as an Excel workbook (.xlsx)"));
}

TEST_F(ImportTest, WhatIsNoFile) { EXPECT_EQ(ReasonOf(Import("").status()), "NOT_CSV"_reason); }

TEST_F(ImportTest, AColumnThatIsNotKnownIsLeftOutOrRefused) {
  const std::string file = "code,kind,display_name,parent,bogus\n310000,PREFECTURE,鳥取県,,x\n";
  ImportOptions options = Areas();
  options.strict = true;
  EXPECT_THAT(ErrorJson(Import(file, options).status(), Language::kEnglish), HasSubstr("UNKNOWN_COLUMNS"));
  EXPECT_EQ(Import(file)->created_count(), 1);
  EXPECT_EQ(out_.str(),
            "row 1  warned  -  COLUMNS_LEFT_OUT  Columns that are not known were left out: bogus\n"
            "areas: 1 rows: 1 created, 0 updated, 0 unchanged, 0 warned, 0 refused\n");
}

}  // namespace
}  // namespace tsunagu::suite
