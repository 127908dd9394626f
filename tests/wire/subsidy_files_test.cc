// File imports of the subsidy service: a whole application by rows; a refused row leaves nothing behind; an exported
// file can be imported again and changes nothing.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "tests/wire/subsidy_test_base.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/approval_limit.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_grant.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SubsidyFilesTest : public SubsidyTest {
 protected:
  Imported Import(const Caller& caller, const std::string& collection, const std::string& file) {
    platform_v1::ImportRowsRequest options;
    options.set_parent("services/subsidy");
    options.set_collection(collection);
    return ImportCsv(caller, options, file);
  }
  // The one row of the file is taken.
  void Take(const Caller& caller, const std::string& collection, const std::string& file) {
    const Imported imported = Import(caller, collection, file);
    EXPECT_EQ(imported.counts.created_count(), 1) << collection << " " << Said(imported.status);
    EXPECT_THAT(imported.rows, IsEmpty()) << collection;
  }
  // A claim in a cell.
  static std::string Cell(int yen) {
    return absl::StrCat(
        "\"{\"\"items\"\":[{\"\"code\"\":\"\"council\"\",\"\"entries\"\":[{\"\"input\"\":\"\"spent\"\",\"\"value\"\":",
        yen, "}]}]}\"");
  }
  std::string OnlyApplication() {
    const auto listed = Ask<subsidy_v1::ListApplicationsResponse, subsidy_v1::ListApplicationsRequest>(
        admin(), "ApplicationService/ListApplications", "");
    EXPECT_EQ(listed->applications_size(), 1);
    return listed->applications_size() == 1 ? listed->applications(0).name() : "";
  }
};

TEST_P(SubsidyFilesTest, AWholeApplicationByRows) {
  Take(*budget_, "budgetLines", "名称,年度,科目コード,団体\n見本費2,2050,03-02,areas/310000\n");
  const auto lines = Ask<subsidy_v1::ListBudgetLinesResponse, subsidy_v1::ListBudgetLinesRequest>(
      admin(), "BudgetLineService/ListBudgetLines", "filter: 'code = \"03-02\"'");
  ASSERT_EQ(lines->budget_lines_size(), 1);
  Take(*budget_, "budgetChanges",
       absl::StrCat("予算科目,種別,金額（円）,異動日,文書番号\n", lines->budget_lines(0).name(),
                    ",当初,600000,2050-04-01,議決2\n"));
  Take(*budget_, "allotments", "補助事業,団体,内示額（円）\nprogrammes/p1,areas/312011,500000\n");
  // The line is found by its code too, whatever characters that has.
  Take(*budget_, "budgetLines", "名称,年度,科目コード,団体\n見本費3,2050,款3－項1,areas/310000\n");
  const std::string changes = "予算科目,種別,金額（円）,異動日,文書番号\n";
  Take(*budget_, "budgetChanges", changes + "款3－項1,当初,600000,2050-04-01,議決3\n");
  Take(*budget_, "budgetChanges", changes + "03-02,補正減,1000,2050-04-01,議決3\n");
  EXPECT_THAT(Import(*budget_, "budgetChanges", changes + "款9,当初,1,2050-04-01,4\n").rows,
              ElementsAre("2 refused 予算科目:MALFORMED_NAME"));
  Take(*city_, "applications", "補助事業,申請団体,申請内容\nprogrammes/p1,areas/312011," + Cell(700'000) + "\n");
  const std::string name = OnlyApplication();
  Take(*city_, "filings", "交付申請,種別,提出日\n" + name + ",交付申請,令和32年4月1日\n");
  Take(*officer_, "decisions", "交付申請,種別,決定日\n" + name + ",審査終了,2050/4/1\n");
  Take(*officer_, "decisions", "交付申請,種別,決定日,文書番号,予算科目\n" + name + ",交付決定,2050-04-01,1,03-02\n");
  EXPECT_EQ(Stands(name), "GRANTED 350000/350000/0");
  Take(*treasurer_, "payments",
       "交付申請,種別,支払日,金額（円）,伝票番号\n" + name + ",概算払,2050-04-02,\"100,000\",v1\n");
  Take(*city_, "filings",
       "交付申請,種別,提出日,完了日,内容\n" + name + ",完了実績報告,2050-04-02,2050-04-02," + Cell(600'000) + "\n");
  Take(*officer_, "decisions", "交付申請,種別,決定日,文書番号\n" + name + ",額の確定,2050-04-02,2\n");
  Take(*treasurer_, "payments", "交付申請,種別,支払日,金額（円）,伝票番号\n" + name + ",精算払,2050-04-03,200000,v2\n");
  EXPECT_EQ(Stands(name), "SETTLED 300000/0/300000");
}

// Nobody has to write a claim into one cell: each number has a column.
TEST_P(SubsidyFilesTest, EachNumberOfAClaimHasAColumn) {
  const Imported imported = Import(*city_, "applications",
                                   "補助事業,申請団体,council.spent,council.income,respite.spent,目的・内容\n"
                                   "programmes/p1,areas/312011,\"700,000\",,300000,見本\n"
                                   "programmes/p1,areas/312011,七十万,,,\n"
                                   "programmes/p1,areas/312011,,,,後で書く\n");
  EXPECT_EQ(imported.counts.created_count(), 2) << Said(imported.status);
  EXPECT_THAT(imported.rows, ElementsAre("3 refused council.spent:MALFORMED_VALUE"));
  const auto listed = Ask<subsidy_v1::ListApplicationsResponse, subsidy_v1::ListApplicationsRequest>(
      admin(), "ApplicationService/ListApplications", "");
  std::string name;
  for (const auto& application : listed->applications()) {
    if (application.claim().items_size() == 2) name = application.name();
  }
  ASSERT_NE(name, "");
  Take(*city_, "filings", "交付申請,種別,提出日\n" + name + ",交付申請,2050-04-01\n");
  EXPECT_EQ(Application(name).requested_yen(), 350'000 + 150'000);
  const Imported other =
      Import(*city_, "applications", "補助事業,申請団体,其の他,council.spent\nprogrammes/p1,areas/312011,x,1\n");
  EXPECT_EQ(other.counts.created_count(), 1) << "what is not known is left out";
  const Imported numbered =
      Import(*city_, "applications", "補助事業,申請団体,1-a.spent\nprogrammes/p1,areas/312011,5\n");
  EXPECT_EQ(numbered.counts.created_count(), 1) << "the code of an item may begin with a digit";
  EXPECT_EQ(
      Said(Import(*city_, "applications", "補助事業,申請団体,申請内容,council.spent,council.spent\np,a,,1,2\n").status),
      "INVALID_ARGUMENT INVALID_REQUEST council.spent:DUPLICATE_FIELD 申請内容:DUPLICATE_FIELD");
  // Which item is wrong is told by its place in the claim.
  const Imported filed = Import(*city_, "filings",
                                absl::StrCat("交付申請,種別,提出日,council.spent,respite.spent,respite.income\n",
                                             MakeDraft(1), ",交付申請,2050-04-01,5000,10,20\n"));
  EXPECT_THAT(filed.rows, ElementsAre("2 refused claim.items[1].income_is_less:CONDITION_NOT_MET"));
}

// Three grants in one file, for two of which there is budget: the third is refused, and leaves nothing half-posted.
TEST_P(SubsidyFilesTest, ARefusedRowLeavesNothingBehind) {
  std::string file = "交付申請,種別,決定日,文書番号,予算科目\n";
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) {
    names.push_back(MakeExamined(800'000));
    absl::StrAppend(&file, names[i], ",交付決定,2050-04-01,", i, ",budgetLines/l1\n");
  }
  absl::StrAppend(&file, names[2], ",額の確定,2050-04-09,,\n");
  const Imported imported = Import(*officer_, "decisions", file);
  EXPECT_EQ(imported.counts.created_count(), 2) << Said(imported.status);
  EXPECT_THAT(imported.rows,
              ElementsAre("4 refused :BUDGET_EXCEEDED", "5 refused 文書番号:FIELD_REQUIRED 決定日:DOCUMENT_TO_COME"));
  EXPECT_EQ(Stands(names[2]), "EXAMINED 0/0/0");
  EXPECT_EQ(Line(), "1000000 = 200000 + 800000 + 0");
  const Imported again = Import(*officer_, "decisions", file);
  EXPECT_EQ(again.counts.created_count(), 0) << "what is decided is not decided again";
  EXPECT_EQ(Line(), "1000000 = 200000 + 800000 + 0");
}

TEST_P(SubsidyFilesTest, WhatWasExportedGoesInAgainAndChangesNothing) {
  using namespace subsidy_v1;  // NOLINT: a request of each resource
  const auto made = [&](const auto& answer) { EXPECT_EQ(Said(answer), "OK"); };
  made(Ask<Allotment, CreateAllotmentRequest>(
      admin(), "AllotmentService/CreateAllotment",
      "parent: 'programmes/p1' allotment { body: 'areas/312011' yen: 700000 document_number: '内示—1' "
      "allotment_date { year: 2050 month: 4 day: 1 } }"));
  made(Ask<BudgetLine, CreateBudgetLineRequest>(
      admin(), "BudgetLineService/CreateBudgetLine",
      "budget_line_id: 'l2' budget_line { display_name: '見本費、\"他\"' fiscal_year: 2050 "
      "code: '03-02' body: 'areas/310000' }"));
  made(ChangeBudget("budgetLines/l1",
                    "kind: KIND_TRANSFER to_line: 'budgetLines/l2' yen: 1000 document_number: '流1' "
                    "note: '髙〜'"));
  made(Ask<subsidy_v1::Application, CreateApplicationRequest>(
      admin(), "ApplicationService/CreateApplication",
      "application { programme: 'programmes/p1' applicant: 'areas/312011' purpose: '一行目\\n\"二行目\", 髙〜' "
      "completion_date { year: 2051 month: 3 day: 31 } " +
          Claim(1000, 500) + " }"));
  const std::string name = MakeGranted(300'000);
  made(Ask<ApprovalLimit, CreateApprovalLimitRequest>(
      admin(), "ApprovalLimitService/CreateApprovalLimit",
      "approval_limit { body: 'areas/310000' holder: 'officer' yen: 1000000 document_number: '専決規程—1' "
      "valid_from_date { year: 2050 month: 4 day: 1 } }"));
  const auto contract = Ask<Commitment, CreateCommitmentRequest>(
      *officer_, "CommitmentService/CreateCommitment",
      "commitment { programme: 'programmes/p1' body: 'areas/310000' item: 'council' kind: KIND_CONTRACT display_name: "
      "'見本、\"他\"' "
      "contractor: '見本医療センター' tax_rate: '1/10' end_date { year: 2051 month: 3 day: 31 } }");
  made(contract);
  made(Ask<CommitmentAct, CreateCommitmentActRequest>(
      *officer_, "CommitmentActService/CreateCommitmentAct",
      absl::StrCat("parent: '", contract->name(),
                   "' commitment_act { kind: KIND_CONCLUSION yen: 11000 document_number: '契1' "
                   "act_date { year: 2050 month: 4 day: 1 } }")));
  made(Pay(name, "kind: KIND_ADVANCE yen: 1000 document_number: 'v1'"));
  made(File(name, "kind: KIND_CHANGE reason: '増えた\\n為' " + Claim(700'000)));
  made(Decide(name, "kind: KIND_SENDING_BACK reason: '内訳'"));
  const std::string day = " { year: 2050 month: 4 day: 1 } ";
  made(Ask<ActivityScheme, CreateActivitySchemeRequest>(
      admin(), "ActivitySchemeService/CreateActivityScheme",
      "activity_scheme_id: 's1' activity_scheme { display_name: '見本' body: 'areas/312011' activity: "
      "ACTIVITY_PARALLEL_ATTENDANCE unit_minutes: 30 rest: REST_DROPPED start: START_DECISION }"));
  const auto provider = Ask<Provider, CreateProviderRequest>(
      admin(), "ProviderService/CreateProvider",
      "provider { display_name: '見本—髙' code: 'P-1' body: 'areas/312011' activity: ACTIVITY_PARALLEL_ATTENDANCE "
      "registration_date" +
          day + "}");
  made(provider);
  const auto hours =
      Ask<UsageGrant, CreateUsageGrantRequest>(admin(), "UsageGrantService/CreateUsageGrant",
                                               "usage_grant { body: 'areas/312011' scheme: 'activitySchemes/s1' child: "
                                               "'007' fiscal_year: 2050 minutes: 90 siblings: 2 "
                                               "application_date" +
                                                   day + "decision_date" + day + "}");
  made(hours);
  made(Ask<ServiceRecord, CreateServiceRecordRequest>(
      admin(), "ServiceRecordService/CreateServiceRecord",
      absl::StrCat(
          "parent: '", hours->name(), "' service_record { provider: '", provider->name(),
          "' begins_at: '9:00' ends_at: '10:00' place: SERVICE_PLACE_NURSERY served_by: SERVED_BY_NURSE fee_minutes: "
          "30 "
          "occasion: OCCASION_SIBLING linking: LINKING_INFORMATION_EXCHANGE day_care_facility: 'facilities/x1' "
          "nursery_facility: 'facilities/x2' service_date",
          day, "}")));
  const std::string stood = Stands(name), line = Line();
  int importable = 0;
  for (const auto& [collection, resource] : server().host().Find("subsidy")->resources()) {
    if (!resource.table->schema().rule().importable()) continue;
    ++importable;
    for (const auto format : {platform_v1::FILE_FORMAT_CSV, platform_v1::FILE_FORMAT_XLSX}) {
      platform_v1::ExportRowsRequest request;
      request.set_parent("services/subsidy");
      request.set_collection(collection);
      request.set_format(format);
      const Exported exported = Export(admin(), request);
      ASSERT_EQ(Said(exported.status), "OK") << collection;
      const Imported imported = Import(admin(), collection, exported.file);
      EXPECT_GT(imported.counts.row_count(), 0) << collection << ": a resource that becomes importable is made above";
      EXPECT_EQ(imported.counts.unchanged_count(), imported.counts.row_count())
          << collection << ": " << Said(imported.status) << absl::StrJoin(imported.rows, "; ");
    }
  }
  EXPECT_GE(importable, 10);
  EXPECT_EQ(Stands(name), stood);
  EXPECT_EQ(Line(), line);
}

// What is wrong with a claim is told with the cell and the place in it, and with what is not JSON at all.
TEST_P(SubsidyFilesTest, WhatIsWrongInACell) {
  const std::string file =
      "補助事業,申請団体,申請内容,完了予定日\n"
      "programmes/p1,areas/312011,議会70万円,\n"
      "programmes/p1,areas/312011,\"{\"\"itemz\"\":[]}\",\n"
      "programmes/p1,areas/312011," +
      Cell(-5) +
      ",2050-02-30\n"
      "programmes/none,areas/312011," +
      Cell(5) +
      ",\n"
      "programmes/p1,areas/312011," +
      Cell(5) + ",\n";
  const Imported imported = Import(*city_, "applications", file);
  EXPECT_EQ(imported.counts.created_count(), 1) << Said(imported.status);
  EXPECT_THAT(imported.rows, ElementsAre("2 refused 申請内容:MALFORMED_JSON", "3 refused 申請内容.itemz:UNKNOWN_FIELD",
                                         "4 refused 完了予定日:DATE_DOES_NOT_EXIST 申請内容:OUT_OF_RANGE",
                                         "5 refused 補助事業:REFERENCE_NOT_FOUND"));
}

TEST_P(SubsidyFilesTest, WhatIsWrongInAColumnOfAClaim) {
  const Imported imported = Import(*city_, "applications",
                                   "補助事業,申請団体,council.spent,council.income,respite.spent\n"
                                   "programmes/p1,areas/312011,1000,,-5\n"
                                   "programmes/p1,areas/312011,,x,\n"
                                   "programmes/p1,areas/312011,１２３,　,0.5\n");
  EXPECT_THAT(imported.rows,
              ElementsAre("2 refused respite.spent:OUT_OF_RANGE", "3 refused council.income:MALFORMED_VALUE",
                          "4 refused respite.spent:MALFORMED_VALUE"));
}

WIRE_TEST_ON_BOTH(SubsidyFilesTest);

}  // namespace
}  // namespace tsunagu::wire
