// The pack is read here as by another program: without any code of this one.
#include "services/suite/audit_pack.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "common/journal/checkpoint.h"
#include "common/text/sheet/reader.h"
#include "gmock/gmock.h"
#include "services/suite/audit_checks.h"
#include "services/suite/subsidy_fixture.h"

namespace tsunagu::suite {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

using Row = std::map<std::string, std::string>;  // by heading

// RFC 4180, with a byte order mark in front.
std::vector<Row> RowsOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(text.substr(0, 3), "\xEF\xBB\xBF") << path;
  std::vector<std::vector<std::string>> lines = {{""}};
  bool quoted = false;
  for (size_t i = 3; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      if (quoted && i + 1 < text.size() && text[i + 1] == '"')
        lines.back().back() += text[++i];
      else
        quoted = !quoted;
    } else if (c == ',' && !quoted) {
      lines.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      lines.push_back({""});
    } else if (c != '\r' || quoted) {
      lines.back().back() += c;
    }
  }
  lines.pop_back();
  std::vector<Row> rows;
  for (size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].size(), lines[0].size()) << path << " " << i;
    Row& row = rows.emplace_back();
    for (size_t j = 0; j < lines[0].size(); ++j) row[lines[0][j]] = lines[i][j];
  }
  return rows;
}

int64_t SumOf(const std::vector<Row>& rows, const std::string& column) {
  int64_t sum = 0;
  for (const Row& row : rows) sum += std::stoll(row.at(column).empty() ? "0" : row.at(column));
  return sum;
}

bool SumsHold(const std::filesystem::path& folder) {
  return std::system(
             ("cd '" + folder.string() + "' && sha256sum --quiet --strict -c SHA256SUMS >/dev/null 2>&1").c_str()) == 0;
}

class AuditPackTest : public testing::Test {
 protected:
  AuditPackTest() {
    subsidy_.Ask<subsidy::v1::Allotment, subsidy::v1::CreateAllotmentRequest>(
        "AllotmentService/CreateAllotment",
        "parent: 'programmes/p1' allotment { body: 'areas/312011' yen: 400000 allotment_date { year: 2025 month: 4 "
        "day: 2 } }");
    const std::string name = subsidy_.Apply(700'500);
    subsidy_.Pay(name,
                 "kind: KIND_ADVANCE yen: 300000 document_number: '=1+1' payment_date { year: 2025 month: 7 day: 1 }");
    subsidy_.File(
        name,
        "kind: KIND_COMPLETION_REPORT filing_date { year: 2025 month: 9 day: 30 } completion_date { year: 2025 "
        "month: 9 day: 30 } " +
            SubsidySuite::Claim(512'000));
    subsidy_.Decide(name,
                    "kind: KIND_FIXING document_number: '見本第2号' decision_date { year: 2025 month: 10 day: 20 }");
    subsidy_.Pay(name,
                 "kind: KIND_RETURN yen: 44000 document_number: 'v2' payment_date { year: 2025 month: 11 day: 1 }");
    subsidy_.Apply(80'000, "areas/313025");
  }

  absl::StatusOr<bool> Pack(const std::string& role = "auditor", const std::string& language = "en") {
    AuditPackOptions options;
    options.programme = "p1";
    options.folder = folder_.string();
    options.checkpoint_files = checkpoints_;
    told_.str("");
    const Client client = subsidy_.As(role, language);
    return WriteAuditPack(client, options, told_);
  }

  SubsidySuite subsidy_;
  const std::filesystem::path folder_ = subsidy_.suite.folder.path / "pack";
  std::vector<std::string> checkpoints_;
  std::ostringstream told_;
};

TEST_F(AuditPackTest, HoldsEverythingAndAddsUpToTheReport) {
  const auto same = Pack();
  ASSERT_TRUE(same.ok()) << ErrorJson(same.status(), Language::kEnglish);
  EXPECT_TRUE(*same) << told_.str();
  EXPECT_TRUE(SumsHold(folder_));
  const auto payments = RowsOf(folder_ / "payments.csv");
  ASSERT_EQ(payments.size(), 2u);
  EXPECT_EQ(payments[0].at("document_number"), "'=1+1") << "no cell is a formula";
  int64_t paid = 0;
  for (const Row& row : payments) paid += std::stoll(row.at("yen")) * (row.at("kind") == "RETURN" ? -1 : 1);
  std::map<std::string, int64_t> reported;
  for (const Row& row : RowsOf(folder_ / "report.csv")) {
    if (row.at("population") == "all") reported[row.at("measure")] = std::stoll(row.at("value"));
  }
  EXPECT_EQ(paid, 256'000);
  EXPECT_EQ(reported.at("paid"), paid);
  const auto applications = RowsOf(folder_ / "applications.csv");
  EXPECT_EQ(reported.at("granted"), SumOf(applications, "granted_yen"));
  EXPECT_EQ(reported.at("applied for"), SumOf(applications, "requested_yen"));
  EXPECT_EQ(reported.at("applications"), static_cast<int64_t>(applications.size()));
  EXPECT_EQ(reported.at("allotted"), SumOf(RowsOf(folder_ / "allotments.csv"), "yen"));
  // The accounts of the line since its first posting.
  std::map<std::string, int64_t> accounts;
  for (const Row& row : RowsOf(folder_ / "postings.csv")) {
    accounts[row.at("from_account")] -= std::stoll(row.at("yen"));
    accounts[row.at("to_account")] += std::stoll(row.at("yen"));
  }
  const Row line = RowsOf(folder_ / "budget_lines.csv").at(0);
  EXPECT_EQ(accounts.at("PAID"), paid);
  EXPECT_EQ(std::to_string(accounts.at("AVAILABLE")), line.at("available_yen"));
  EXPECT_EQ(std::to_string(accounts.at("COMMITTED")), line.at("committed_yen"));
  EXPECT_EQ(std::to_string(-accounts.at("GRANTED")), line.at("granted_yen"));
  EXPECT_EQ(RowsOf(folder_ / "filings.csv").size(), 3u);
  EXPECT_EQ(RowsOf(folder_ / "decisions.csv").size(), 5u);
  EXPECT_EQ(RowsOf(folder_ / "budget_changes.csv").size(), 1u);
  for (const Row& row : RowsOf(folder_ / "worked_out_again.csv")) EXPECT_NE(row.at("result"), "differs");
  for (const Row& row : RowsOf(folder_ / "totals.csv")) EXPECT_EQ(row.at("result"), "same") << row.at("what");
  for (const Row& row : RowsOf(folder_ / "journal/revisions.csv")) {
    EXPECT_NE(row.at("place"), "") << row.at("record");
    EXPECT_NE(row.at("actor"), "");
  }
}

TEST_F(AuditPackTest, HoldsContractsLimitsAndBatches) {
  using namespace subsidy::v1;  // NOLINT: requests by the dozen
  const std::string day = " { year: 2025 month: 11 day: 5 } ";
  const std::string own =
      subsidy_
          .Ask<Commitment, CreateCommitmentRequest>("CommitmentService/CreateCommitment",
                                                    "commitment { programme: 'programmes/p1' body: 'areas/310000' "
                                                    "kind: KIND_DIRECT display_name: '見本' item: 'day-place' }")
          .name();
  const auto act = [&](const char* kind, int yen, const char* role,
                       const char* line = "budget_line: 'budgetLines/l1' ") {
    subsidy_.Ask<CommitmentAct, CreateCommitmentActRequest>(
        "CommitmentActService/CreateCommitmentAct",
        absl::StrCat("parent: '", own, "' commitment_act { kind: KIND_", kind, " document_number: '1' ", line,
                     "yen: ", yen, " act_date", day, "}"),
        role);
  };
  act("COMMITMENT", 9'000, "prefecture-officer");
  act("INSPECTION", 5'000, "prefecture-officer", "");
  act("PAYMENT", 4'000, "treasurer");
  for (const char* holder : {"somebody", "somebody-else"}) {
    subsidy_.Ask<ApprovalLimit, CreateApprovalLimitRequest>(
        "ApprovalLimitService/CreateApprovalLimit", absl::StrCat("approval_limit { body: 'areas/310000' holder: '",
                                                                 holder, "' yen: 1000 valid_from_date", day, "}"));
  }
  for (const char* id : {"f1", "f2"}) {
    subsidy_.Ask<PaymentLayout, CreatePaymentLayoutRequest>(
        "PaymentLayoutService/CreatePaymentLayout",
        absl::StrCat(
            "payment_layout_id: '", id,
            "' payment_layout { display_name: '見本' body: 'areas/310000' form { shape: "
            "SHAPE_CSV encoding: ENCODING_UTF8 columns { source: SOURCE_KEY } columns { source: SOURCE_YEN } result { "
            "key: 'k' day: 'd' voucher: 'v' yen: 'y' } } }"));
  }
  const auto applications = subsidy_.Ask<ListApplicationsResponse, ListApplicationsRequest>(
      "ApplicationService/ListApplications", "filter: 'applicant = \"areas/313025\"'");
  const std::string batch =
      subsidy_
          .Ask<PaymentBatch, CreatePaymentBatchRequest>(
              "PaymentBatchService/CreatePaymentBatch",
              absl::StrCat("payment_batch { body: 'areas/310000' layout: 'paymentLayouts/f1' document_number: 'A' "
                           "items { application: '",
                           applications.applications(0).name(), "' yen: 30000 } request_date", day, "}"))
          .name();
  subsidy_.Ask<PaymentBatch, ImportPaymentResultRequest>(
      "PaymentBatchService/ImportPaymentResult",
      absl::StrCat("name: '", batch, "' data: 'k,d,v,y\\nA-0001,2025-11-06,v9,30000\\n'"), "treasurer");
  const auto same = Pack();
  ASSERT_TRUE(same.ok()) << ErrorJson(same.status(), Language::kEnglish);
  EXPECT_TRUE(*same) << told_.str();
  EXPECT_EQ(RowsOf(folder_ / "approval_limits.csv").size(), 2u);
  const auto layouts = RowsOf(folder_ / "payment_layouts.csv");
  ASSERT_EQ(layouts.size(), 1u) << "that of the batch, and no other";
  EXPECT_EQ(layouts[0].at("name"), "paymentLayouts/f1");
  EXPECT_EQ(RowsOf(folder_ / "payment_batches.csv").at(0).at("payer"), "treasurer");
  const auto requests = RowsOf(folder_ / "payment_requests.csv");
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].at("yen"), "30000");
  EXPECT_EQ(requests[0].at("outcome"), "PAID");
  std::map<std::string, std::string> totals, again;
  for (const Row& row : RowsOf(folder_ / "totals.csv"))
    totals[row.at("what")] = row.at("stored") + "=" + row.at("again");
  EXPECT_EQ(totals.at("committed by own work"), "9000=9000");
  EXPECT_EQ(totals.at("paid by own work"), "4000=4000");
  EXPECT_EQ(totals.at("committed by contract"), "0=0");
  for (const Row& row : RowsOf(folder_ / "worked_out_again.csv"))
    again[row.at("what")] = row.at("stored") + "=" + row.at("again");
  EXPECT_EQ(again.at("asked for and paid"), "30000=30000");
  std::map<std::string, std::string> changes;  // the journal's data of each change
  for (const Row& row : RowsOf(folder_ / "journal/revisions.csv")) changes[row.at("record")] = row.at("place");
  for (const std::string& name : {batch, batch + "/paymentRequests/0001", std::string("paymentLayouts/f1"), own}) {
    EXPECT_NE(changes[name], "") << name;
  }
}

TEST_F(AuditPackTest, HoldsClaimsOfHoursAndWhatTheyRestOn) {
  using namespace subsidy::v1;  // NOLINT: requests by the dozen
  const std::string provider =
      subsidy_
          .Ask<Provider, CreateProviderRequest>("ProviderService/CreateProvider",
                                                "provider { display_name: '見本訪問看護ステーション' body: "
                                                "'areas/310000' activity: ACTIVITY_RESPITE code: 'S' "
                                                "registration_date { year: 2025 month: 4 day: 1 } }")
          .name();
  subsidy_.Ask<ActivityScheme, CreateActivitySchemeRequest>(
      "ActivitySchemeService/CreateActivityScheme",
      "activity_scheme_id: 'rest' activity_scheme { display_name: '見本要綱' body: 'areas/310000' activity: "
      "ACTIVITY_RESPITE "
      "unit_minutes: 30 rest: REST_DROPPED start: START_DECISION unit_price_yen: 3750 }");
  const std::string grant = subsidy_
                                .Ask<UsageGrant, CreateUsageGrantRequest>(
                                    "UsageGrantService/CreateUsageGrant",
                                    "usage_grant { body: 'areas/310000' scheme: 'activitySchemes/rest' child: 'a-1' "
                                    "fiscal_year: 2025 application_date { year: "
                                    "2025 month: 4 day: 1 } decision_date { year: 2025 month: 4 day: 1 } }")
                                .name();
  const auto record = [&](int day, const std::string& more) {
    return subsidy_
        .Ask<ServiceRecord, CreateServiceRecordRequest>(
            "ServiceRecordService/CreateServiceRecord",
            absl::StrCat("parent: '", grant, "' service_record { provider: '", provider, "' begins_at: '9:00' place: ",
                         "SERVICE_PLACE_HOME served_by: SERVED_BY_NURSE service_date { year: 2025 month: 6 day: ", day,
                         " } ", more, "}"))
        .name();
  };
  const std::string wrong = record(2, "ends_at: '10:00'");
  record(2, absl::StrCat("ends_at: '11:00' replaces: '", wrong, "'"));
  record(9, "ends_at: '9:30'");
  const std::string claim = subsidy_
                                .Ask<UsageClaim, CreateUsageClaimRequest>(
                                    "UsageClaimService/CreateUsageClaim",
                                    absl::StrCat("parent: '", provider, "' usage_claim { lines { usage_grant: '", grant,
                                                 "' minutes: 150 yen: 18750 } ",
                                                 "total_yen: 18750 month_date { year: 2025 month: 6 day: 1 } }"))
                                .name();
  subsidy_.Ask<UsageClaim, ApproveUsageClaimRequest>(
      "UsageClaimService/ApproveUsageClaim",
      absl::StrCat("name: '", claim, "' budget_line: 'budgetLines/l1' programme: 'programmes/p1' item: 'day-place' ",
                   "approval_date { year: 2025 month: 7 day: 5 }"),
      "prefecture-officer");
  subsidy_.Ask<UsageClaim, PayUsageClaimRequest>(
      "UsageClaimService/PayUsageClaim",
      absl::StrCat("name: '", claim, "' voucher: 'v7' payment_date { year: 2025 month: 7 day: 20 }"), "treasurer");
  const auto same = Pack();
  ASSERT_TRUE(same.ok()) << ErrorJson(same.status(), Language::kEnglish);
  EXPECT_TRUE(*same) << told_.str();
  const auto claims = RowsOf(folder_ / "usage_claims.csv");
  ASSERT_EQ(claims.size(), 1u);
  EXPECT_EQ(claims[0].at("total_yen"), "18750");
  EXPECT_EQ(claims[0].at("payer"), "treasurer");
  EXPECT_EQ(RowsOf(folder_ / "service_records.csv").size(), 3u) << "the wrong one too";
  EXPECT_EQ(RowsOf(folder_ / "providers.csv").at(0).at("code"), "S");
  EXPECT_EQ(RowsOf(folder_ / "usage_grants.csv").at(0).at("name"), grant);
  EXPECT_EQ(RowsOf(folder_ / "activity_schemes.csv").at(0).at("unit_price_yen"), "3750");
  std::map<std::string, std::string> totals, again;
  for (const Row& row : RowsOf(folder_ / "totals.csv"))
    totals[row.at("what")] = row.at("stored") + "=" + row.at("again");
  EXPECT_EQ(totals.at("approved claims of hours"), "18750=18750");
  EXPECT_EQ(totals.at("paid claims of hours"), "18750=18750");
  for (const Row& row : RowsOf(folder_ / "worked_out_again.csv"))
    again[row.at("what")] = row.at("stored") + "=" + row.at("again");
  EXPECT_EQ(again.at("claimed"), "18750=18750");
  EXPECT_EQ(again.at("minutes claimed"), "150=150") << "without the record that was corrected";
  for (const Row& row : RowsOf(folder_ / "journal/revisions.csv")) EXPECT_NE(row.at("place"), "") << row.at("record");
}

TEST_F(AuditPackTest, OneWorkbookHasAllTables) {
  ASSERT_TRUE(Pack().ok());
  const auto book = sheet::Workbook::Open((folder_ / "all.xlsx").string());
  ASSERT_TRUE(book.ok()) << book.status();
  std::map<std::string, size_t> rows;
  for (size_t i = 0; i < (*book)->sheets().size(); ++i) {
    auto sheet = (*book)->Sheet(i);
    ASSERT_TRUE(sheet.ok()) << sheet.status();
    size_t& count = rows[(*book)->sheets()[i].name];
    for (auto row = (*sheet)->Next(); row.ok() && *row != nullptr; row = (*sheet)->Next()) ++count;
  }
  EXPECT_EQ(rows.size(), 27u);
  EXPECT_EQ(rows.at("payments"), 3u) << "with the heading";
  EXPECT_EQ(rows.at("decisions"), 6u);
  EXPECT_EQ(rows.at("revisions"), RowsOf(folder_ / "journal/revisions.csv").size() + 1);
}

TEST_F(AuditPackTest, CheckpointsThatWereKeptProveIt) {
  store::Checkpoint checkpoint;
  checkpoint.service = "subsidy";
  checkpoint.place = 1'000'000;
  checkpoint.hash = std::string(32, 'h');
  checkpoint.Sign(std::string(32, 's'));
  checkpoints_ = {subsidy_.suite.folder.Write("kept", checkpoint.ToLine() + "\n")};
  ASSERT_TRUE(Pack().ok());
  std::ifstream file(folder_ / "journal/proof.txt");
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(file), {}),
              HasSubstr("The signed checkpoint of place 1000000 proves all of the journal up to here"));
  std::filesystem::remove_all(folder_);
  checkpoint.place = 2;
  subsidy_.suite.folder.Write("kept", checkpoint.ToLine() + "\n");
  EXPECT_THAT(ErrorJson(Pack().status(), Language::kEnglish), HasSubstr("CHECKPOINT_FORGED"));
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(AuditPackTest, TheIndexTellsOfEveryFile) {
  ASSERT_TRUE(Pack("auditor", "ja").ok());
  std::map<std::string, Row> index;
  for (const Row& row : RowsOf(folder_ / "index.csv")) index[row.at("ファイル")] = row;
  size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    const std::string path = std::filesystem::relative(entry.path(), folder_).string();
    if (!entry.is_regular_file() || path == "index.csv" || path == "SHA256SUMS") continue;
    ++files;
    ASSERT_EQ(index.count(path), 1u) << path;
    EXPECT_EQ(index[path].at("バイト数"), std::to_string(entry.file_size()));
    EXPECT_EQ(index[path].at("SHA-256").size(), 64u);
  }
  EXPECT_EQ(files, index.size());
  EXPECT_EQ(index.at("payments.csv").at("合計"), "344000");
  EXPECT_EQ(index.at("payments.csv").at("合計した項目"), "金額（円）");
  EXPECT_EQ(index.at("payments.csv").at("件数"), "2");
  int traces = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "traces")) {
    std::ifstream file(entry.path());
    const std::string text(std::istreambuf_iterator<char>(file), {});
    traces += entry.path().string().find(".ja.txt") != std::string::npos &&
              text.find("今あらためて計算し、同じ結果になりました。") != std::string::npos;
  }
  EXPECT_EQ(traces, 2);
  EXPECT_THAT(told_.str(), HasSubstr("すべて一致"));
}

TEST_F(AuditPackTest, OneByteThatIsChangedIsSeen) {
  ASSERT_TRUE(Pack().ok());
  ASSERT_TRUE(SumsHold(folder_));
  for (const char* name : {"payments.csv", "index.csv", "all.xlsx"}) {
    std::fstream file(folder_ / name, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(40);
    const char before = static_cast<char>(file.get());
    const auto put = [&](char c) {
      file.seekp(40);
      file.put(c);
      file.flush();
    };
    put(static_cast<char>(before ^ 1));
    EXPECT_FALSE(SumsHold(folder_)) << name;
    put(before);
    EXPECT_TRUE(SumsHold(folder_)) << name;
  }
}

TEST_F(AuditPackTest, NothingIsOverwrittenAndNothingHalfIsLeft) {
  std::filesystem::create_directory(folder_);
  ASSERT_TRUE(Pack().ok()) << "an empty folder may be there";
  const std::string full = ErrorJson(Pack().status(), Language::kEnglish);
  EXPECT_THAT(full, HasSubstr("FOLDER_NOT_EMPTY"));
  EXPECT_THAT(full, HasSubstr("Name a new folder or an empty one."));
  EXPECT_THAT(ErrorJson(Pack().status(), Language::kJapanese), HasSubstr("空のフォルダーを指定してください。"));
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directory(folder_.string() + ".part");
  EXPECT_THAT(ErrorJson(Pack().status(), Language::kEnglish), HasSubstr("FOLDER_NOT_EMPTY"));
  std::filesystem::remove_all(folder_.string() + ".part");
  subsidy_.suite.folder.Write("pack", "a file");
  EXPECT_THAT(ErrorJson(Pack().status(), Language::kEnglish), HasSubstr("FOLDER_NOT_EMPTY"));
  std::filesystem::remove(folder_);
  EXPECT_THAT(ErrorJson(Pack("treasurer").status(), Language::kEnglish), HasSubstr("PERMISSION_DENIED"));
  EXPECT_FALSE(std::filesystem::exists(folder_));
  EXPECT_FALSE(std::filesystem::exists(folder_.string() + ".part"));
}

TEST_F(AuditPackTest, WhatDoesNotAddUpIsToldWithTheDifference) {
  const Client client = subsidy_.As("auditor");
  auto records = ReadAuditRecords(client, "programmes/p1");
  ASSERT_TRUE(records.ok()) << records.status();
  const auto differing = [](const std::vector<AuditCheck>& checks) {
    std::vector<std::string> lines;
    for (const AuditCheck& one : checks) {
      if (!one.same.value_or(true)) lines.push_back(absl::StrCat(one.en, " ", one.again ? *one.again - one.stored : 0));
    }
    return lines;
  };
  EXPECT_THAT(differing(CheckAmounts(*records)), IsEmpty());
  EXPECT_THAT(differing(CheckReport(*records)), IsEmpty());
  records->postings[1].set_yen(records->postings[1].yen() + 7);
  EXPECT_THAT(differing(CheckAmounts(*records)), testing::ElementsAre("committed and not paid 7", "left -7"));
  records->payments[0].set_yen(records->payments[0].yen() - 46);
  EXPECT_THAT(differing(CheckReport(*records)), testing::ElementsAre("paid -46"));
  records->explanations.begin()->second.set_agrees(false);
  EXPECT_THAT(differing(CheckAmounts(*records)), Contains("what was decided 0"));
}

}  // namespace
}  // namespace tsunagu::suite
