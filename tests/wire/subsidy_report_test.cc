// The report of subsidies on several days, and what is due.
#include <map>
#include <set>

#include "absl/strings/str_replace.h"
#include "common/jp/civil_day.h"
#include "tests/wire/subsidy_test_base.h"
#include "tsunagu/platform/v1/due.pb.h"
#include "tsunagu/platform/v1/report.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"
#include "tsunagu/subsidy/v1/subsidy_report.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::ElementsAre;
using testing::IsEmpty;

class SubsidyReportTest : public SubsidyTest {
 protected:
  absl::StatusOr<platform_v1::Report> Report(const Caller& caller, const std::string& text) {
    clock().Advance(absl::Seconds(1));  // of what was known before
    return Ask<platform_v1::Report, GetSubsidyReportRequest>(caller, "SubsidyReportService/GetSubsidyReport", text);
  }
  // "budget 1000000, allotted 0, …" of all together, or of one group.
  std::string Values(const absl::StatusOr<platform_v1::Report>& report, const std::string& group = "",
                     const std::string& population = "all") {
    EXPECT_EQ(Said(report), "OK");
    std::string values;
    for (const auto& figure : report->figures()) {
      if (figure.group() == group && figure.population() == population)
        absl::StrAppend(&values, values.empty() ? "" : ", ", figure.measure(), " ", figure.value());
    }
    return values;
  }
  static std::string On(const char* day) {
    return absl::StrCat("as_of_date { ", jp::ToDate(*jp::ParseDay(day)).ShortDebugString(), " } ");
  }
};

TEST_P(SubsidyReportTest, AsItStoodOnEachDay) {
  ASSERT_EQ(Said(Ask<Allotment, CreateAllotmentRequest>(
                *budget_, "AllotmentService/CreateAllotment",
                "parent: 'programmes/p1' allotment { body: 'areas/312011' yen: 350000 }")),
            "OK");
  const std::string name = MakeGranted(600'000), other = MakeExamined(200'000, "areas/313025");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 100000 document_number: 'v1'", "2050-04-02")), "OK");
  ASSERT_EQ(
      Said(File(name, "kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 } " + Claim(500'000),
                "2050-04-02")),
      "OK");
  ASSERT_EQ(Said(Decide(name, "kind: KIND_FIXING document_number: '2'", "2050-04-03")), "OK");
  ASSERT_EQ(Said(File(name, "kind: KIND_TAX_REPORT tax_yen: 1000", "2050-04-03")), "OK");
  EXPECT_EQ(Values(Report(admin(), On("2050-03-31") + "fiscal_year: 2050")),
            "budget 0, allotted 350000, applications 0, requested 0, granted 0, paid 0, fixed 0, available 0, "
            "reported 0, planned 0, done_share ");
  EXPECT_EQ(Values(Report(admin(), On("2050-04-01"))),
            "budget 1000000, allotted 350000, applications 2, requested 400000, granted 300000, paid 0, fixed 0, "
            "available 700000, reported 0, planned 0, done_share ");
  EXPECT_EQ(Values(Report(admin(), On("2050-04-02"))),
            "budget 1000000, allotted 350000, applications 2, requested 400000, granted 300000, paid 100000, fixed 0, "
            "available 700000, reported 250000, planned 300000, done_share 83");
  EXPECT_EQ(
      Values(Report(admin(), "group_by: SUBSIDY_GROUPING_BODIES")),
      "budget 1000000, allotted 350000, applications 2, requested 400000, granted 249000, paid 100000, fixed 249000, "
      "available 751000, reported 250000, planned 300000, done_share 83");
  EXPECT_EQ(Values(Report(admin(), "group_by: SUBSIDY_GROUPING_BODIES"), "areas/313025"),
            "allotted 0, applications 1, requested 100000, granted 0, paid 0, fixed 0, "
            "reported 0, planned 0, done_share ");
  EXPECT_EQ(Values(Report(admin(), "group_by: SUBSIDY_GROUPING_PROGRAMMES"), "programmes/p1"),
            "allotted 350000, applications 2, requested 400000, granted 249000, paid 100000, fixed 249000, "
            "reported 250000, planned 300000, done_share 83");
  EXPECT_EQ(Values(Report(*city_, "")),
            "allotted 350000, applications 1, requested 300000, granted 249000, paid 100000, fixed 249000, "
            "reported 250000, planned 300000, done_share 83")
      << "of the city's own";
  // Today's report agrees with the records.
  EXPECT_EQ(Stands(name), "FIXED 249000/149000/100000");
  EXPECT_EQ(Line(), "1000000 = 751000 + 149000 + 100000");
}

// The parts of items add up to the total, even if less was decided than the rule gives.
TEST_P(SubsidyReportTest, OfEachItemAndBody) {
  const std::string name = MakeExamined(200'000);
  const std::string two =
      "claim { items { code: 'council' entries { input: 'spent' value: 200000 } } items { code: 'respite' entries { "
      "input: "
      "'spent' value: 600000 } } } ";
  ASSERT_EQ(Said(Decide(name, "kind: KIND_SENDING_BACK reason: '区分の追加'")), "OK");
  ASSERT_EQ(Said(File(name, "kind: KIND_APPLICATION " + two)), "OK");
  ASSERT_EQ(Said(Decide(name, "kind: KIND_EXAMINATION")), "OK");
  ASSERT_EQ(Said(Decide(name, Granting("yen: 300000 reason: '予算の範囲内'"))), "OK");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 40001 document_number: 'v1'")), "OK");
  MakeGranted(100'000, "areas/313025");
  ASSERT_EQ(Said(File(name, "kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 } " +
                                absl::StrReplaceAll(two, {{"600000", "300000"}}))),
            "OK");
  const auto report = Report(admin(), "group_by: SUBSIDY_GROUPING_ITEMS");
  EXPECT_EQ(
      Values(report),
      "budget 1000000, allotted 0, applications 2, requested 450000, granted 350000, paid 40001, fixed 0, available "
      "650000, reported 250000, planned 300000, done_share 83");
  EXPECT_EQ(Values(report, "programmes/p1/items/council"),
            "applications 2, requested 150000, granted 125000, paid 10000, fixed 0, reported 100000, planned 75000, "
            "done_share 133");
  EXPECT_EQ(Values(report, "programmes/p1/items/respite"),
            "applications 1, requested 300000, granted 225000, paid 30001, fixed 0, reported 150000, planned 225000, "
            "done_share 67");
  const auto bodies = Report(admin(), "group_by: SUBSIDY_GROUPING_BODY_ITEMS");
  EXPECT_EQ(Values(bodies, "areas/313025/programmes/p1/items/council"),
            "applications 1, requested 50000, granted 50000, paid 0, fixed 0, reported 0, planned 0, done_share ");
  EXPECT_EQ(Values(bodies, "areas/312011/programmes/p1/items/respite"), Values(report, "programmes/p1/items/respite"));
  // A report that was sent back does not count.
  ASSERT_EQ(Said(Decide(name, "kind: KIND_SENDING_BACK reason: '領収書の不足'")), "OK");
  EXPECT_EQ(Values(Report(admin(), "group_by: SUBSIDY_GROUPING_ITEMS"), "programmes/p1/items/respite"),
            "applications 1, requested 300000, granted 225000, paid 30001, fixed 0, "
            "reported 0, planned 0, done_share ");
}

// What contracts and own work have of the lines of a year, by the postings: the report counts acts.
using Second = std::map<std::string, std::string>;  // "contracts areas/310000": "commitments 1, committed 5, paid 0"

TEST_P(SubsidyReportTest, ContractsAndOwnWorkAddUpToTheLedger) {
  for (const char* request : {"budget_line_id: 'l2' budget_line { display_name: '次年度' fiscal_year: 2051 code: "
                              "'2051' body: 'areas/310000' }",
                              "budget_line_id: 'city' budget_line { display_name: '市の費' fiscal_year: 2050 code: 'c' "
                              "body: 'areas/312011' }"}) {
    ASSERT_EQ(Said(Ask<BudgetLine, CreateBudgetLineRequest>(admin(), "BudgetLineService/CreateBudgetLine", request)),
              "OK");
  }
  ASSERT_EQ(
      Said(Ask<Programme, CreateProgrammeRequest>(
          admin(), "ProgrammeService/CreateProgramme",
          "programme_id: 'p2' programme { display_name: '市の事業' fiscal_year: 2050 grantor: 'areas/312011' rule_set: "
          "'ruleSets/r1' }")),
      "OK");
  ASSERT_EQ(
      Said(Ask<BudgetChange, CreateBudgetChangeRequest>(admin(), "BudgetChangeService/CreateBudgetChange",
                                                        "parent: 'budgetLines/city' budget_change { kind: KIND_INITIAL "
                                                        "yen: 90000 document_number: '市1' change_date { "
                                                        "year: 2050 month: 4 day: 1 } }")),
      "OK");
  const Caller decides = CallerWith("decides", {"prefecture-officer@*"}, "subsidy");
  const Caller pays = CallerWith("pays", {"treasurer@*"}, "subsidy");
  const auto make = [&](const std::string& text) {
    const auto made = Ask<Commitment, CreateCommitmentRequest>(
        decides, "CommitmentService/CreateCommitment", absl::StrCat("commitment { display_name: '見本' ", text, " }"));
    EXPECT_EQ(Said(made), "OK");
    return made.ok() ? made->name() : "";
  };
  int number = 0;
  const auto act = [&](const std::string& commitment, const char* kind, int64_t yen, const std::string& line,
                       const char* day = "2050-04-02") {
    const bool moves_money =
        std::string(kind) == "ADVANCE" || std::string(kind) == "PAYMENT" || std::string(kind) == "RETURN";
    EXPECT_EQ(Said(Ask<CommitmentAct, CreateCommitmentActRequest>(
                  moves_money ? pays : decides, "CommitmentActService/CreateCommitmentAct",
                  absl::StrCat("parent: '", commitment, "' commitment_act { kind: KIND_", kind, " yen: ", yen,
                               line.empty() ? "" : " budget_line: 'budgetLines/" + line + "'", " document_number: '",
                               ++number, "' act_date { ", jp::ToDate(*jp::ParseDay(day)).ShortDebugString(), " } }"))),
              "OK");
  };
  const std::string contract =
      make("programme: 'programmes/p1' body: 'areas/310000' item: 'council' kind: KIND_CONTRACT contractor: '見本'");
  act(contract, "CONCLUSION", 500'000, "", "2050-04-01");
  act(contract, "COMMITMENT", 300'000, "l1", "2050-04-01");
  act(contract, "ADVANCE", 120'000, "l1");
  act(contract, "RELEASE", 50'000, "l1", "2050-04-02");
  act(contract, "RETURN", 20'000, "l1", "2050-04-03");
  const std::string own = make("programme: 'programmes/p1' body: 'areas/310000' item: 'respite' kind: KIND_DIRECT");
  act(own, "COMMITMENT", 40'000, "l1");
  const std::string of_city = make("programme: 'programmes/p2' body: 'areas/312011' item: 'respite' kind: KIND_DIRECT");
  act(of_city, "COMMITMENT", 10'000, "city");
  act(of_city, "INSPECTION", 7'000, "", "2050-04-03");
  act(of_city, "PAYMENT", 7'000, "city", "2050-04-03");
  make("programme: 'programmes/p1' body: 'areas/310000' item: 'respite' kind: KIND_DIRECT");  // nothing is charged yet
  const std::string granted = MakeGranted(200'000);
  clock().Advance(absl::Seconds(1));
  const absl::Time earlier = clock().Now();
  clock().Advance(absl::Seconds(1));

  const auto second = [&](int year, const std::string& day, const std::string& group_by) {
    struct Sums {
      std::set<std::string> commitments;
      int64_t committed = 0, paid = 0;
    };
    std::map<std::string, Sums> sums;
    for (const char* line : {"l1", "l2", "city"}) {
      if ((std::string(line) == "l2") != (year == 2051)) continue;
      const auto postings = Ask<ListPostingsResponse, ListPostingsRequest>(
          admin(), "PostingService/ListPostings", absl::StrCat("parent: 'budgetLines/", line, "' page_size: 1000"));
      for (const Posting& one : postings->postings()) {
        if (one.commitment().empty() || jp::FormatIso(jp::DayOf(one.posting_date())) > day) continue;
        const auto owner = Ask<Commitment, GetCommitmentRequest>(admin(), "CommitmentService/GetCommitment",
                                                                 absl::StrCat("name: '", one.commitment(), "'"));
        const std::string items = absl::StrCat(owner->programme(), "/items/", owner->item());
        const std::string group = group_by == "BODIES"       ? owner->body()
                                  : group_by == "PROGRAMMES" ? owner->programme()
                                  : group_by == "ITEMS"      ? items
                                                             : absl::StrCat(owner->body(), "/", items);
        for (const std::string& to : {std::string(), group}) {
          Sums& sum = sums[absl::StrCat(owner->kind() == Commitment::KIND_CONTRACT ? "contracts " : "direct ", to)];
          sum.commitments.insert(one.commitment());
          if (one.to_account() == Posting::ACCOUNT_COMMITTED) sum.committed += one.yen();
          if (one.to_account() == Posting::ACCOUNT_AVAILABLE) sum.committed -= one.yen();
          if (one.to_account() == Posting::ACCOUNT_PAID) sum.paid += one.yen();
          if (one.from_account() == Posting::ACCOUNT_PAID) sum.paid -= one.yen();
        }
      }
    }
    Second told;
    for (const char* all : {"contracts ", "direct ", "usage "}) sums[all];
    for (const auto& [key, sum] : sums) {
      told[key] =
          absl::StrCat("commitments ", sum.commitments.size(), ", committed ", sum.committed, ", paid ", sum.paid);
    }
    return told;
  };
  const auto first = [&](const absl::StatusOr<platform_v1::Report>& report) {
    Second told;
    for (const auto& figure : report->figures()) {
      if (figure.population() == "all") continue;
      told[absl::StrCat(figure.population(), " ", figure.group())] =
          Values(report, figure.group(), figure.population());
    }
    return told;
  };
  for (const char* day : {"2050-03-31", "2050-04-01", "2050-04-02", "2050-04-03"}) {
    for (const char* group_by : {"BODIES", "PROGRAMMES", "ITEMS", "BODY_ITEMS"}) {
      const auto report =
          Report(admin(), absl::StrCat(On(day), "fiscal_year: 2050 group_by: SUBSIDY_GROUPING_", group_by));
      EXPECT_EQ(first(report), second(2050, day, group_by)) << day << group_by;
      std::map<std::string, int64_t> yen;  // of all together
      for (const auto& figure : report->figures()) {
        if (figure.group().empty()) yen[absl::StrCat(figure.population(), " ", figure.measure())] = figure.numerator();
      }
      EXPECT_EQ(yen["all budget"] - yen["all available"],
                yen["all granted"] + yen["contracts committed"] + yen["direct committed"])
          << day;
    }
  }
  const auto today = Report(admin(), "group_by: SUBSIDY_GROUPING_BODY_ITEMS");
  EXPECT_EQ(Values(today, "", "contracts"), "commitments 1, committed 230000, paid 100000");
  EXPECT_EQ(Values(today, "areas/312011/programmes/p2/items/respite", "direct"),
            "commitments 1, committed 10000, paid 7000");
  EXPECT_EQ(Values(Report(*city_, ""), "", "direct"), "commitments 1, committed 10000, paid 7000")
      << "of the city's own";
  EXPECT_EQ(Values(Report(*city_, ""), "", "contracts"), "commitments 0, committed 0, paid 0");
  EXPECT_EQ(Values(Report(admin(), "area: 'areas/312011'"), "", "direct"), "commitments 1, committed 10000, paid 7000");
  // The next year's line is of the next year's report, whose programme is of this year.
  clock().Advance(absl::Hours(24 * 365));
  ASSERT_EQ(
      Said(ChangeBudget("budgetLines/l2", "kind: KIND_INITIAL yen: 500000 document_number: '議決2'", "2051-04-01")),
      "OK");
  act(contract, "COMMITMENT", 200'000, "l2", "2051-04-01");
  const auto next = Report(admin(), "fiscal_year: 2051 group_by: SUBSIDY_GROUPING_PROGRAMMES");
  EXPECT_EQ(first(next), second(2051, "2051-04-03", "PROGRAMMES"));
  EXPECT_EQ(Values(next, "programmes/p1", "contracts"), "commitments 1, committed 200000, paid 0");
  EXPECT_EQ(Values(Report(admin(), "fiscal_year: 2050"), "", "contracts"),
            "commitments 1, committed 230000, paid 100000");
  // As it was known before a return that was recorded later.
  act(contract, "RETURN", 1'000, "l1", "2051-04-02");
  EXPECT_EQ(Values(Report(admin(), "fiscal_year: 2050"), "", "contracts"),
            "commitments 1, committed 229000, paid 99000");
  EXPECT_EQ(
      Values(Report(admin(),
                    absl::StrCat("fiscal_year: 2050 as_known_at { seconds: ", absl::ToUnixSeconds(earlier), " }")),
             "", "contracts"),
      "commitments 1, committed 230000, paid 100000");
}

TEST_P(SubsidyReportTest, ReportsAndReturnsAreDue) {
  const auto due = [&](const Caller& caller, const char* until = "2050-06-30") {
    platform_v1::ListDueRequest request;
    request.set_parent("services/subsidy");
    *request.mutable_until_date() = jp::ToDate(*jp::ParseDay(until));
    std::vector<std::string> items;
    const auto listed = caller.Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
    EXPECT_EQ(Said(listed), "OK");
    for (const auto& item : listed->due()) {
      items.push_back(absl::StrCat(jp::FormatIso(jp::DayOf(item.due_date())), " ", item.kind(), " ",
                                   item.resource_name(), " ", item.text()));
    }
    return items;
  };
  const std::string name = MakeDraft(600'000);
  UpdateApplicationRequest update;
  update.mutable_application()->set_name(name);
  *update.mutable_application()->mutable_completion_date() = jp::ToDate(*jp::ParseDay("2050-05-01"));
  update.mutable_update_mask()->add_paths("completion_date");
  ASSERT_EQ(Said(city_->Call<subsidy_v1::Application>("subsidy.v1.ApplicationService/UpdateApplication", update)),
            "OK");
  EXPECT_THAT(due(admin()), IsEmpty());
  ASSERT_EQ(Said(File(name, "kind: KIND_APPLICATION")), "OK");
  ASSERT_EQ(Said(Decide(name, "kind: KIND_EXAMINATION")), "OK");
  ASSERT_EQ(Said(Decide(name, Granting())), "OK");
  EXPECT_THAT(due(*city_), ElementsAre(absl::StrCat("2050-05-31 PERFORMANCE_REPORT_DUE ", name,
                                                    " The report of what was done is due.")));
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 100000 document_number: 'v1'")), "OK");
  ASSERT_EQ(Said(Decide(name, "kind: KIND_CANCELLATION reason: '違反' document_number: '2'")), "OK");
  ASSERT_EQ(Said(Decide(
                name, "kind: KIND_RETURN_ORDER document_number: '3' return_due_date { year: 2050 month: 5 day: 20 }")),
            "OK");
  EXPECT_THAT(due(*city_),
              ElementsAre(absl::StrCat("2050-05-20 RETURN_DUE ", name, " 100000 yen have to be given back.")));
  ASSERT_EQ(Said(Pay(name, "kind: KIND_RETURN yen: 100000 document_number: 'v2'")), "OK");
  EXPECT_THAT(due(*city_), IsEmpty());
  // What is fixed, and what is committed by contract, is paid before the accounts close.
  const std::string fixed = MakeGranted(200'000);
  ASSERT_EQ(Said(File(fixed,
                      "kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 } " + Claim(200'000))),
            "OK");
  ASSERT_EQ(Said(Decide(fixed, "kind: KIND_FIXING document_number: '4'")), "OK");
  const auto own =
      Ask<Commitment, CreateCommitmentRequest>(*officer_, "CommitmentService/CreateCommitment",
                                               "commitment { programme: 'programmes/p1' body: 'areas/310000' item: "
                                               "'council' kind: KIND_DIRECT display_name: '見本' }");
  ASSERT_EQ(Said(own), "OK");
  ASSERT_EQ(Said(Ask<CommitmentAct, CreateCommitmentActRequest>(
                *officer_, "CommitmentActService/CreateCommitmentAct",
                absl::StrCat("parent: '", own->name(),
                             "' commitment_act { kind: KIND_COMMITMENT yen: 7000 document_number: '1' "
                             "budget_line: 'budgetLines/l1' act_date { year: 2050 month: 4 day: 2 } }"))),
            "OK");
  clock().Advance(absl::Hours(24 * 360));  // the end of March
  const std::string text = " yen have to be paid before the accounts of the year close.";
  EXPECT_THAT(due(*officer_, "2051-05-30"), IsEmpty());
  EXPECT_THAT(due(*officer_, "2051-05-31"),
              testing::UnorderedElementsAre(absl::StrCat("2051-05-31 PAYMENT_DUE ", fixed, " 100000", text),
                                            absl::StrCat("2051-05-31 PAYMENT_DUE ", own->name(), " 7000", text)));
  ASSERT_EQ(Said(Pay(fixed, "kind: KIND_SETTLEMENT yen: 100000 document_number: 'v3'")), "OK");
  EXPECT_THAT(due(*officer_, "2051-05-31"), testing::SizeIs(1));
}

WIRE_TEST_ON_BOTH(SubsidyReportTest);

}  // namespace
}  // namespace tsunagu::wire
