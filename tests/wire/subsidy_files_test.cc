// What the subsidy service takes from files: a whole application by rows, a refused row that leaves nothing behind, and
// what was exported goes in again and changes nothing.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/wire/subsidy_test_base.h"

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
    return absl::StrCat("\"{\"\"items\"\":[{\"\"code\"\":\"\"council\"\",\"\"entries\"\":[{\"\"input\"\":\"\"spent\"\",\"\"value\"\":",
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
  Take(*budget_, "budgetChanges", absl::StrCat("予算科目,種別,金額（円）,異動日,文書番号\n", lines->budget_lines(0).name(),
                                               ",当初,600000,2050-04-01,議決2\n"));
  Take(*budget_, "allotments", "補助事業,団体,内示額（円）\nprogrammes/p1,areas/312011,500000\n");
  Take(*city_, "applications", "補助事業,申請団体,申請内容\nprogrammes/p1,areas/312011," + Cell(700'000) + "\n");
  const std::string name = OnlyApplication();
  Take(*city_, "filings", "交付申請,種別,提出日\n" + name + ",交付申請,令和32年4月1日\n");
  Take(*officer_, "decisions", "交付申請,種別,決定日\n" + name + ",審査終了,2050/4/1\n");
  Take(*officer_, "decisions", "交付申請,種別,決定日,文書番号,予算科目\n" + name + ",交付決定,2050-04-01,1,03-02\n");
  EXPECT_EQ(Stands(name), "GRANTED 350000/350000/0");
  Take(*treasurer_, "payments", "交付申請,種別,支払日,金額（円）,伝票番号\n" + name + ",概算払,2050-04-02,\"100,000\",v1\n");
  Take(*city_, "filings", "交付申請,種別,提出日,完了日,内容\n" + name + ",完了実績報告,2050-04-02,2050-04-02," + Cell(600'000) + "\n");
  Take(*officer_, "decisions", "交付申請,種別,決定日,文書番号\n" + name + ",額の確定,2050-04-02,2\n");
  Take(*treasurer_, "payments", "交付申請,種別,支払日,金額（円）,伝票番号\n" + name + ",精算払,2050-04-03,200000,v2\n");
  EXPECT_EQ(Stands(name), "SETTLED 300000/0/300000");
}

// Nobody has to write a claim into one cell: each number has a column.
TEST_P(SubsidyFilesTest, EachNumberOfAClaimHasAColumn) {
  const Imported imported = Import(
      *city_, "applications",
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
  const Imported other = Import(*city_, "applications", "補助事業,申請団体,其の他,council.spent\nprogrammes/p1,areas/312011,x,1\n");
  EXPECT_EQ(other.counts.created_count(), 1) << "what is not known is left out";
  EXPECT_EQ(Said(Import(*city_, "applications", "補助事業,申請団体,申請内容,council.spent,council.spent\np,a,,1,2\n").status),
            "INVALID_ARGUMENT INVALID_REQUEST council.spent:DUPLICATE_FIELD 申請内容:DUPLICATE_FIELD");
  // Which item is wrong is told by its place in the claim.
  const Imported filed = Import(*city_, "filings", absl::StrCat("交付申請,種別,提出日,council.spent,respite.spent,respite.income\n",
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
  EXPECT_THAT(imported.rows, ElementsAre("4 refused :BUDGET_EXCEEDED",
                                         "5 refused 文書番号:FIELD_REQUIRED 決定日:DOCUMENT_TO_COME"));
  EXPECT_EQ(Stands(names[2]), "EXAMINED 0/0/0");
  EXPECT_EQ(Line(), "1000000 = 200000 + 800000 + 0");
  const Imported again = Import(*officer_, "decisions", file);
  EXPECT_EQ(again.counts.created_count(), 0) << "what is decided is not decided again";
  EXPECT_EQ(Line(), "1000000 = 200000 + 800000 + 0");
}

TEST_P(SubsidyFilesTest, WhatWasExportedGoesInAgainAndChangesNothing) {
  const std::string name = MakeGranted(300'000);
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 1000 document_number: 'v1'")), "OK");
  for (const char* collection :
       {"allotments", "applications", "budgetLines", "budgetChanges", "filings", "decisions", "payments"}) {
    platform_v1::ExportRowsRequest request;
    request.set_parent("services/subsidy");
    request.set_collection(collection);
    request.set_format(platform_v1::FILE_FORMAT_CSV);
    const Exported exported = Export(admin(), request);
    ASSERT_EQ(Said(exported.status), "OK") << collection;
    const auto lines = static_cast<int>(std::count(exported.file.begin(), exported.file.end(), '\n'));
    const Imported imported = Import(admin(), collection, exported.file);
    EXPECT_EQ(Said(imported.status), "OK") << collection;
    EXPECT_EQ(imported.counts.unchanged_count(), lines - 1) << collection << " " << imported.summary << "\n" << exported.file;
  }
  EXPECT_EQ(Stands(name), "GRANTED 150000/149000/1000");
  EXPECT_EQ(Line(), "1000000 = 850000 + 149000 + 1000");
}

WIRE_TEST_ON_BOTH(SubsidyFilesTest);

}  // namespace
}  // namespace tsunagu::wire
