// From the draft of an application to its settlement, and what is refused on the way.
#include <atomic>

#include "tests/wire/eight_writers.h"
#include "tests/wire/subsidy_test_base.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

class SubsidyStepsTest : public SubsidyTest {
 protected:
  absl::StatusOr<Explanation> Explain(const std::string& name) {
    return Ask<Explanation, ExplainAmountRequest>(admin(), "ExplanationService/ExplainAmount",
                                                  absl::StrCat("name: '", name, "'"));
  }
  static std::string Report(int64_t cost) {
    return absl::StrCat("kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 } ", Claim(cost));
  }
};

TEST_P(SubsidyStepsTest, FromTheDraftToTheSettlement) {
  const std::string name = MakeDraft(700'500);
  EXPECT_EQ(Stands(name), "DRAFT 0/0/0");
  EXPECT_EQ(Application(name).grantor(), "areas/310000");
  EXPECT_EQ(Application(name).rule_set(), "ruleSets/r1");
  const auto filed = File(name, "kind: KIND_APPLICATION document_number: '鳥障第1号'", "2050-04-01");
  ASSERT_EQ(Said(filed), "OK");
  EXPECT_EQ(filed->amount_yen(), 350'000);
  EXPECT_EQ(filed->maker(), "city");
  EXPECT_EQ(filed->state(), subsidy_v1::Application::STATE_APPLIED);
  ASSERT_EQ(Said(Decide(name, "kind: KIND_EXAMINATION", "2050-04-01")), "OK");
  const auto granted = Decide(name, Granting("conditions: '帳簿を5年間保存すること。'"));
  ASSERT_EQ(Said(granted), "OK");
  EXPECT_EQ(granted->amount_yen(), 350'000);
  EXPECT_EQ(granted->trace().SerializeAsString(), filed->trace().SerializeAsString());
  EXPECT_EQ(Stands(name), "GRANTED 350000/350000/0");
  EXPECT_EQ(Line(), "1000000 = 650000 + 350000 + 0");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 200000 document_number: 'v1'")), "OK");
  EXPECT_EQ(Line(), "1000000 = 650000 + 150000 + 200000");
  const auto reported = File(name, Report(600'000));
  ASSERT_EQ(Said(reported), "OK");
  EXPECT_EQ(reported->due_date().ShortDebugString(), "year: 2050 month: 5 day: 2");
  const auto fixed = Decide(name, "kind: KIND_FIXING document_number: '見本第2号'");
  ASSERT_EQ(Said(fixed), "OK");
  EXPECT_EQ(fixed->amount_yen(), 300'000);
  EXPECT_EQ(Stands(name), "FIXED 300000/100000/200000");
  EXPECT_EQ(Line(), "1000000 = 700000 + 100000 + 200000");
  EXPECT_EQ(Said(Pay(name, "kind: KIND_SETTLEMENT yen: 100001 document_number: 'v2'")),
            "FAILED_PRECONDITION COMMITMENT_EXCEEDED");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_SETTLEMENT yen: 100000 document_number: 'v2'")), "OK");
  EXPECT_EQ(Stands(name), "SETTLED 300000/0/300000");
  EXPECT_EQ(Line(), "1000000 = 700000 + 0 + 300000");
  // Input tax, then a cancellation after the amount was fixed, and what comes back.
  ASSERT_EQ(Said(File(name, "kind: KIND_TAX_REPORT tax_yen: 0")), "OK") << "0 is reported too";
  EXPECT_EQ(Stands(name), "SETTLED 300000/0/300000");
  ASSERT_EQ(Said(File(name, "kind: KIND_TAX_REPORT tax_yen: 20000")), "OK");
  EXPECT_EQ(Stands(name), "FIXED 280000/0/300000");
  ASSERT_EQ(Said(Decide(name, "kind: KIND_CANCELLATION yen: 80000 reason: '目的外使用' document_number: '見本第3号'")),
            "OK");
  const auto ordered = Decide(
      name, "kind: KIND_RETURN_ORDER document_number: '見本第4号' return_due_date { year: 2050 month: 5 day: 1 }");
  ASSERT_EQ(Said(ordered), "OK");
  EXPECT_EQ(ordered->amount_yen(), 100'000);
  EXPECT_EQ(Said(Pay(name, "kind: KIND_RETURN yen: 100001 document_number: 'v3'")),
            "FAILED_PRECONDITION NOTHING_TO_RETURN");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_RETURN yen: 100000 document_number: 'v3'")), "OK");
  EXPECT_EQ(Stands(name), "SETTLED 200000/0/200000");
  EXPECT_EQ(Line(), "1000000 = 800000 + 0 + 200000");
}

TEST_P(SubsidyStepsTest, EveryAmountIsExplainedAndComesOutAgain) {
  const std::string name = MakeGranted(700'500);
  const auto explained = Explain(name);
  ASSERT_EQ(Said(explained), "OK");
  EXPECT_EQ(explained->yen(), 350'000);
  EXPECT_TRUE(explained->agrees());
  EXPECT_EQ(explained->rule_set_title(), "見本県補助金交付要綱");
  EXPECT_EQ(explained->source(), Application(name).decision());
  ASSERT_EQ(explained->trace().lines_size(), 3);
  EXPECT_EQ(explained->trace().lines(2).computed(), "min(700,500, 800,000) × 0.5");
  EXPECT_EQ(explained->trace().lines(2).exact(), "350,250");
  EXPECT_EQ(explained->trace().lines(2).rounding_ja(), "1,000未満切捨て");
  ASSERT_EQ(explained->postings_size(), 1);
  const auto posting = Explain(explained->postings(0));
  ASSERT_EQ(Said(posting), "OK");
  EXPECT_EQ(posting->source(), explained->source());
  EXPECT_EQ(posting->yen(), 350'000);
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 1000 document_number: 'v1'")), "OK");
  // Less than the rule gives, with its reason; the rule's part comes out again all the same.
  ASSERT_EQ(Said(File(name, Report(700'500))), "OK");
  EXPECT_EQ(Said(Decide(name, "kind: KIND_FIXING document_number: '2' yen: 340000")),
            "INVALID_ARGUMENT INVALID_REQUEST decision.reason:FIELD_REQUIRED");
  ASSERT_EQ(Said(Decide(name, "kind: KIND_FIXING document_number: '2' yen: 340000 reason: '対象外経費の控除'")), "OK");
  const auto fixed = Explain(name);
  ASSERT_EQ(Said(fixed), "OK");
  EXPECT_TRUE(fixed->agrees());
  EXPECT_EQ(fixed->trace().lines(3).computed(), "min(350,000, 350,000)");
  EXPECT_EQ(fixed->trace().lines(4).value(), "340,000");
  EXPECT_EQ(fixed->yen(), 340'000);
  EXPECT_EQ(Said(Explain("programmes/p1")), "FAILED_PRECONDITION AMOUNT_UNEXPLAINED");
  EXPECT_EQ(Said(Explain("applications/none")), "NOT_FOUND APPLICATION_NOT_FOUND");
}

TEST_P(SubsidyStepsTest, NotOneYenOverBudget) {
  const std::string first = MakeGranted(800'000), second = MakeGranted(800'000), third = MakeExamined(800'000);
  EXPECT_EQ(Line(), "1000000 = 200000 + 800000 + 0");
  const auto refused = Decide(third, Granting());
  EXPECT_EQ(Said(refused), "FAILED_PRECONDITION BUDGET_EXCEEDED");
  EXPECT_EQ(Stands(third), "EXAMINED 0/0/0") << "nothing is half-posted";
  EXPECT_EQ(Line(), "1000000 = 200000 + 800000 + 0");
  EXPECT_EQ(Said(ChangeBudget("budgetLines/l1", "kind: KIND_REDUCTION yen: 200001 document_number: '2'")),
            "FAILED_PRECONDITION BUDGET_EXCEEDED");
  ASSERT_EQ(Said(Decide(third, Granting("yen: 200000 reason: '予算の範囲内'"))), "OK");
  EXPECT_EQ(Line(), "1000000 = 0 + 1000000 + 0");
  ASSERT_EQ(Said(File(first, "kind: KIND_WITHDRAWAL reason: '中止'")), "OK");
  EXPECT_EQ(Line(), "1000000 = 400000 + 600000 + 0");
}

TEST_P(SubsidyStepsTest, AMinorChangeIsReportedOnly) {
  const std::string name = MakeGranted(500'000);
  const auto minor = File(name, "kind: KIND_CHANGE reason: '見積' " + Claim(600'000));
  ASSERT_EQ(Said(minor), "OK");
  EXPECT_TRUE(minor->minor());
  EXPECT_EQ(Stands(name), "GRANTED 250000/250000/0");
  const auto major = File(name, "kind: KIND_CHANGE reason: '拡大' " + Claim(600'001));
  ASSERT_EQ(Said(major), "OK");
  EXPECT_FALSE(major->minor());
  EXPECT_EQ(Stands(name), "CHANGE_APPLIED 250000/250000/0");
  EXPECT_EQ(Said(Decide(name, "kind: KIND_SENDING_BACK reason: '積算が不明'")), "OK");
  ASSERT_EQ(Said(File(name, "kind: KIND_CHANGE reason: '拡大' " + Claim(700'000))), "OK");
  ASSERT_EQ(Said(Decide(name, "kind: KIND_CHANGE_APPROVAL document_number: '2'")), "OK");
  EXPECT_EQ(Stands(name), "GRANTED 350000/350000/0");
  EXPECT_EQ(Line(), "1000000 = 650000 + 350000 + 0");
}

TEST_P(SubsidyStepsTest, WhatIsRefused) {
  const std::string name = MakeDraft(500'000);
  EXPECT_EQ(Said(Decide(name, "kind: KIND_EXAMINATION")), "FAILED_PRECONDITION STEP_OUT_OF_ORDER");
  EXPECT_EQ(Said(File(name, Report(1))), "FAILED_PRECONDITION STEP_OUT_OF_ORDER");
  EXPECT_EQ(Said(File(name, "kind: KIND_APPLICATION", "2050-04-04")),
            "INVALID_ARGUMENT INVALID_REQUEST filing.filing_date:DOCUMENT_TO_COME");
  EXPECT_EQ(Said(File(name, "kind: KIND_APPLICATION " + Claim(1, 2))),
            "INVALID_ARGUMENT INVALID_REQUEST filing.claim.items[0].income_is_less:CONDITION_NOT_MET");
  EXPECT_EQ(
      Said(File(name,
                "kind: KIND_APPLICATION claim { items { code: 'council' entries { input: 'spent' value: -1 } } }")),
      "INVALID_ARGUMENT INVALID_REQUEST filing.claim.items[0].entries[0].value:OUT_OF_RANGE");
  ASSERT_EQ(Said(File(name, "kind: KIND_APPLICATION")), "OK");
  UpdateApplicationRequest update;
  *update.mutable_application() = Application(name);
  update.mutable_application()->set_purpose("別の目的");
  update.mutable_update_mask()->add_paths("purpose");
  EXPECT_EQ(Said(city_->Call<subsidy_v1::Application>("subsidy.v1.ApplicationService/UpdateApplication", update)),
            "FAILED_PRECONDITION APPLICATION_FILED");
  EXPECT_EQ(Said(Decide(name, "kind: KIND_EXAMINATION", "2050-04-01")),
            "INVALID_ARGUMENT INVALID_REQUEST decision.decision_date:DOCUMENT_OUT_OF_ORDER");
  EXPECT_EQ(Said(Decide(name, "kind: KIND_SENDING_BACK")),
            "INVALID_ARGUMENT INVALID_REQUEST decision.reason:FIELD_REQUIRED");
  ASSERT_EQ(Said(Decide(name, "kind: KIND_EXAMINATION")), "OK");
  EXPECT_EQ(
      Said(Decide(name, "kind: KIND_GRANT")),
      "INVALID_ARGUMENT INVALID_REQUEST decision.budget_line:FIELD_REQUIRED decision.document_number:FIELD_REQUIRED");
  EXPECT_EQ(Said(Decide(name, Granting("yen: 250001"))),
            "INVALID_ARGUMENT INVALID_REQUEST decision.reason:FIELD_REQUIRED "
            "decision.yen:YEN_ABOVE_RULE");
  ASSERT_EQ(Said(Decide(name, Granting())), "OK");
  EXPECT_EQ(Said(File(name,
                      "kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 } claim { items { "
                      "code: 'respite' entries { input: 'spent' value: 5 } } }")),
            "INVALID_ARGUMENT INVALID_REQUEST filing.claim.items:ITEM_NOT_REPORTED "
            "filing.claim.items[0].code:ITEM_NOT_DECIDED");
  EXPECT_EQ(Said(File(name, "kind: KIND_COMPLETION_REPORT")),
            "INVALID_ARGUMENT INVALID_REQUEST filing.claim:FIELD_REQUIRED filing.completion_date:FIELD_REQUIRED");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 1 document_number: 'v1'")), "OK");
  EXPECT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 1 document_number: 'v1'")), "ALREADY_EXISTS PAID_ALREADY");
  EXPECT_EQ(Said(File(name, "kind: KIND_WITHDRAWAL reason: '中止'")), "FAILED_PRECONDITION SOMETHING_PAID");
  UpdateRuleSetRequest rule;
  GetRuleSetRequest get;
  get.set_name("ruleSets/r1");
  *rule.mutable_rule_set() = *admin().Call<RuleSet>("subsidy.v1.RuleSetService/GetRuleSet", get);
  rule.mutable_rule_set()->mutable_constants(0)->set_value("1/3");
  rule.mutable_update_mask()->add_paths("constants");
  EXPECT_EQ(Said(admin().Call<RuleSet>("subsidy.v1.RuleSetService/UpdateRuleSet", rule)),
            "FAILED_PRECONDITION RULE_SET_IN_USE");
}

TEST_P(SubsidyStepsTest, NobodyChoosesTheRuleOrAnothersBudget) {
  ASSERT_EQ(Said(Ask<RuleSet, CreateRuleSetRequest>(
                admin(), "RuleSetService/CreateRuleSet",
                R"pb(rule_set_id: "generous"
                     rule_set {
                       display_name: "見本"
                       result: "grant"
                       items {
                         code: "council"
                         ja: "見本"
                         en: "sample"
                         inputs { name: "spent" ja: "経費" en: "cost" unit: UNIT_YEN }
                         inputs { name: "income" ja: "収入" en: "income" unit: UNIT_YEN }
                         steps { name: "grant" ja: "額" en: "grant" formula: "spent - 2 * income" }
                       }
                     })pb")),
            "OK");
  const auto draft = [&](const char* rule_set) {
    return Said(Ask<subsidy_v1::Application, CreateApplicationRequest>(
        *city_, "ApplicationService/CreateApplication",
        absl::StrCat("application { programme: 'programmes/p1' applicant: 'areas/312011' rule_set: '", rule_set,
                     "' }")));
  };
  EXPECT_EQ(draft("ruleSets/generous"), "INVALID_ARGUMENT INVALID_REQUEST application.rule_set:RULE_SET_OF_ANOTHER");
  EXPECT_EQ(draft("ruleSets/r1"), "OK");
  // The programme moves to a new version: who has begun may finish or move.
  const std::string begun = MakeDraft(500'000);
  UpdateProgrammeRequest move;
  move.mutable_programme()->set_name("programmes/p1");
  move.mutable_programme()->set_rule_set("ruleSets/generous");
  move.mutable_update_mask()->add_paths("rule_set");
  ASSERT_EQ(Said(admin().Call<Programme>("subsidy.v1.ProgrammeService/UpdateProgramme", move)), "OK");
  EXPECT_EQ(draft("ruleSets/r1"), "INVALID_ARGUMENT INVALID_REQUEST application.rule_set:RULE_SET_OF_ANOTHER");
  const std::string finished = MakeGranted(500'000);
  EXPECT_EQ(Application(finished).rule_set(), "ruleSets/generous");
  ASSERT_EQ(Said(File(begun, "kind: KIND_APPLICATION")), "OK");
  EXPECT_EQ(Application(begun).requested_yen(), 250'000) << "by the rule with which it began";
  const std::string negative = MakeDraft(0);
  EXPECT_EQ(Said(File(negative, "kind: KIND_APPLICATION " + Claim(1, 1))),
            "INVALID_ARGUMENT INVALID_REQUEST filing.claim.grant:AMOUNT_NEGATIVE");
  ASSERT_EQ(
      Said(Ask<BudgetLine, CreateBudgetLineRequest>(
          admin(), "BudgetLineService/CreateBudgetLine",
          R"pb(budget_line_id: "city"
               budget_line { display_name: "市の費" fiscal_year: 2050 code: "c-1" body: "areas/312011" })pb")),
      "OK");
  ASSERT_EQ(Said(Decide(begun, "kind: KIND_EXAMINATION")), "OK");
  EXPECT_EQ(Said(Decide(begun, "kind: KIND_GRANT document_number: '1' budget_line: 'budgetLines/city'")),
            "INVALID_ARGUMENT INVALID_REQUEST decision.budget_line:LINE_OF_ANOTHER_BODY");
  EXPECT_EQ(
      Said(ChangeBudget("budgetLines/l1", "kind: KIND_TRANSFER yen: 1 document_number: '2' to_line: 'budgetLines/l1'")),
      "INVALID_ARGUMENT INVALID_REQUEST budget_change.to_line:TRANSFER_TO_ITSELF");
  EXPECT_EQ(Said(ChangeBudget("budgetLines/l1",
                              "kind: KIND_TRANSFER yen: 1 document_number: '2' to_line: 'budgetLines/city'")),
            "INVALID_ARGUMENT INVALID_REQUEST budget_change.to_line:LINE_OF_ANOTHER_BODY");
}

TEST_P(SubsidyStepsTest, TheFundingOfALineIsAWhole) {
  const auto make = [&](const std::string& id, const std::string& state, const std::string& own) {
    return Said(Ask<BudgetLine, CreateBudgetLineRequest>(
        admin(), "BudgetLineService/CreateBudgetLine",
        absl::StrCat("budget_line_id: '", id, "' budget_line { display_name: '見本費' fiscal_year: 2050 code: '", id,
                     "' body: 'areas/310000' funding { source: SOURCE_STATE share: '", state,
                     "' } funding { source: SOURCE_PREFECTURE share: '", own, "' } }")));
  };
  const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST budget_line.funding:FUNDING_NOT_WHOLE";
  EXPECT_EQ(make("f1", "1/2", "1/3"), refused);
  EXPECT_EQ(make("f1", "半分", "0.5"), refused);
  EXPECT_EQ(make("f1", "1/0", "1/2"), refused);
  ASSERT_EQ(make("f1", "1/3", "2/3"), "OK");
  EXPECT_EQ(Said(ChangeBudget("budgetLines/f1", "kind: KIND_INITIAL yen: 5 document_number: '1'")), "OK");
  EXPECT_EQ(Line("budgetLines/f1"), "5 = 5 + 0 + 0");
}

TEST_P(SubsidyStepsTest, NobodyHasTwoDuties) {
  const Caller boss = CallerWith("boss", {"prefecture-officer@areas/310000", "treasurer@areas/310000"}, "subsidy");
  const std::string name = MakeExamined(500'000);
  const auto as_boss = [&](const std::string& kind) {
    return Said(Ask<Filing, CreateFilingRequest>(
        boss, "FilingService/CreateFiling",
        absl::StrCat("parent: '", name, "' filing { kind: ", kind, " filing_date { year: 2050 month: 4 day: 2 } }")));
  };
  ASSERT_EQ(Said(Ask<Decision, CreateDecisionRequest>(boss, "DecisionService/CreateDecision",
                                                      absl::StrCat("parent: '", name, "' decision { ", Granting(),
                                                                   " decision_date { year: 2050 month: 4 day: 1 } }"))),
            "OK");
  EXPECT_EQ(Said(Ask<Payment, CreatePaymentRequest>(
                boss, "PaymentService/CreatePayment",
                absl::StrCat("parent: '", name,
                             "' payment { kind: KIND_ADVANCE yen: 1 document_number: 'v' payment_date { "
                             "year: 2050 month: 4 day: 2 } }"))),
            "FAILED_PRECONDITION DUTIES_OF_ONE_PERSON");
  EXPECT_EQ(as_boss("KIND_STATUS_REPORT"), "FAILED_PRECONDITION DUTIES_OF_ONE_PERSON");
  EXPECT_EQ(Said(File(name, "kind: KIND_STATUS_REPORT")), "OK");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 1 document_number: 'v1'")), "OK");
}

TEST_P(SubsidyStepsTest, NoMoreThanABodyWasAllotted) {
  ASSERT_EQ(Said(Ask<Allotment, CreateAllotmentRequest>(
                *budget_, "AllotmentService/CreateAllotment",
                "parent: 'programmes/p1' allotment { body: 'areas/312011' yen: 300000 }")),
            "OK");
  EXPECT_EQ(
      Said(Ask<Allotment, CreateAllotmentRequest>(*budget_, "AllotmentService/CreateAllotment",
                                                  "parent: 'programmes/p1' allotment { body: 'areas/312011' yen: 1 }")),
      "ALREADY_EXISTS ALLOTTED_ALREADY");
  const Caller elsewhere = CallerWith("elsewhere", {"budget-officer@areas/320005"}, "subsidy");
  EXPECT_EQ(
      Said(Ask<Allotment, CreateAllotmentRequest>(elsewhere, "AllotmentService/CreateAllotment",
                                                  "parent: 'programmes/p1' allotment { body: 'areas/312011' yen: 1 }")),
      "PERMISSION_DENIED OUT_OF_SCOPE")
      << "not told that it has one";
  MakeGranted(400'000);
  const std::string second = MakeExamined(400'000);
  EXPECT_EQ(Said(Decide(second, Granting())), "FAILED_PRECONDITION ALLOTMENT_EXCEEDED");
  EXPECT_EQ(Said(Decide(second, Granting("yen: 100000 reason: '内示の範囲内'"))), "OK");
  MakeGranted(400'000, "areas/313025");
}

TEST_P(SubsidyStepsTest, WhatTheYearPermits) {
  const std::string name = MakeGranted(500'000), late = MakeExamined(100'000);
  ASSERT_EQ(
      Said(Ask<BudgetLine, CreateBudgetLineRequest>(
          admin(), "BudgetLineService/CreateBudgetLine",
          R"pb(budget_line_id: "l2"
               budget_line { display_name: "次年度" fiscal_year: 2051 code: "2051-03" body: "areas/310000" })pb")),
      "OK");
  clock().Advance(absl::Hours(24 * 365));  // 3 April 2051
  EXPECT_EQ(
      Said(ChangeBudget("budgetLines/l1",
                        "kind: KIND_TRANSFER yen: 1000 document_number: '2' to_line: 'budgetLines/l2'", "2051-03-31")),
      "INVALID_ARGUMENT INVALID_REQUEST budget_change.to_line:LINE_OF_WRONG_YEAR");
  EXPECT_EQ(Said(ChangeBudget("budgetLines/l1",
                              "kind: KIND_CARRIED_OVER yen: 1000 document_number: '2' to_line: "
                              "'budgetLines/l2'",
                              "2051-03-31")),
            "OK");
  EXPECT_EQ(Line("budgetLines/l2"), "1000 = 1000 + 0 + 0");
  EXPECT_EQ(Line(), "999000 = 749000 + 250000 + 0");
  EXPECT_EQ(Said(Decide(late, Granting(), "2051-04-01")), "FAILED_PRECONDITION YEAR_SETTLING");
  EXPECT_EQ(Said(ChangeBudget("budgetLines/l1", "kind: KIND_SUPPLEMENT yen: 1 document_number: '3'", "2051-04-01")),
            "FAILED_PRECONDITION YEAR_SETTLING");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 250000 document_number: 'v1'", "2051-03-20")), "OK");
  ASSERT_EQ(
      Said(File(name, "kind: KIND_COMPLETION_REPORT completion_date { year: 2051 month: 3 day: 31 } " + Claim(400'000),
                "2051-04-02")),
      "OK");
  ASSERT_EQ(Said(Decide(name, "kind: KIND_FIXING document_number: '5'", "2051-04-02")), "OK");
  EXPECT_EQ(Stands(name), "FIXED 200000/0/250000");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_RETURN yen: 20000 document_number: 'v2'", "2051-04-03")), "OK");
  EXPECT_EQ(Line(), "999000 = 769000 + 0 + 230000");
  clock().Advance(absl::Hours(24 * 90));
  const auto past = Pay(name, "kind: KIND_RETURN yen: 30000 document_number: 'v3'", "2051-06-01");
  ASSERT_EQ(Said(past), "OK");
  EXPECT_TRUE(past->past_year());
  EXPECT_EQ(Stands(name), "SETTLED 200000/0/200000");
  EXPECT_EQ(Line(), "999000 = 769000 + 0 + 230000") << "closed accounts are not touched";
}

TEST_P(SubsidyStepsTest, WhatWasNotPaidInTimeIsLetGoOrPaidFromALaterLine) {
  const std::string stopped = MakeGranted(200'000), unpaid = MakeGranted(400'000);
  for (const char* line :
       {R"pb(budget_line_id: "l2"
             budget_line { display_name: "次年度" fiscal_year: 2051 code: "2051-03" body: "areas/310000" })pb",
        R"pb(budget_line_id: "city"
             budget_line { display_name: "市の費" fiscal_year: 2051 code: "c-1" body: "areas/312011" })pb"}) {
    ASSERT_EQ(Said(Ask<BudgetLine, CreateBudgetLineRequest>(admin(), "BudgetLineService/CreateBudgetLine", line)),
              "OK");
  }
  clock().Advance(absl::Hours(24 * 365));  // 3 April 2051
  ASSERT_EQ(
      Said(ChangeBudget("budgetLines/l2", "kind: KIND_INITIAL yen: 150000 document_number: '議決2'", "2051-04-01")),
      "OK");
  ASSERT_EQ(Said(File(unpaid,
                      "kind: KIND_COMPLETION_REPORT completion_date { year: 2051 month: 3 day: 31 } " + Claim(400'000),
                      "2051-04-02")),
            "OK");
  ASSERT_EQ(Said(Decide(unpaid, "kind: KIND_FIXING document_number: '5'", "2051-04-02")), "OK");
  const std::string rest = "kind: KIND_SETTLEMENT yen: 200000 document_number: 'v1' ";
  EXPECT_EQ(Said(Pay(unpaid, rest + "budget_line: 'budgetLines/l2'", "2051-04-03")),
            "INVALID_ARGUMENT INVALID_REQUEST payment.budget_line:YEAR_STILL_OPEN");
  clock().Advance(absl::Hours(24 * 60));  // 2 June
  EXPECT_EQ(Said(Pay(unpaid, rest, "2051-06-01")), "FAILED_PRECONDITION YEAR_CLOSED");
  const auto close = [&] {
    return Said(Ask<BudgetLine, CloseBudgetLineRequest>(*budget_, "BudgetLineService/CloseBudgetLine",
                                                        "name: 'budgetLines/l1'"));
  };
  EXPECT_EQ(close(), "FAILED_PRECONDITION LINE_COMMITTED");
  ASSERT_EQ(Said(Decide(stopped, "kind: KIND_CANCELLATION reason: '実績報告なし' document_number: '6'", "2051-06-01")),
            "OK");
  EXPECT_EQ(Line(), "1000000 = 800000 + 200000 + 0");
  EXPECT_EQ(Said(Pay(unpaid, rest + "budget_line: 'budgetLines/l1'", "2051-06-01")),
            "INVALID_ARGUMENT INVALID_REQUEST payment.budget_line:LINE_OF_WRONG_YEAR");
  EXPECT_EQ(Said(Pay(unpaid, rest + "budget_line: 'budgetLines/city'", "2051-06-01")),
            "INVALID_ARGUMENT INVALID_REQUEST payment.budget_line:LINE_OF_ANOTHER_BODY");
  EXPECT_EQ(Said(Pay(unpaid, rest + "budget_line: 'budgetLines/l2'", "2051-06-01")),
            "FAILED_PRECONDITION BUDGET_EXCEEDED");
  EXPECT_EQ(Line(), "1000000 = 800000 + 200000 + 0") << "nothing half-posted";
  const auto part = Pay(unpaid, "kind: KIND_SETTLEMENT yen: 150000 document_number: 'v1' budget_line: 'budgetLines/l2'",
                        "2051-06-01");
  ASSERT_EQ(Said(part), "OK");
  EXPECT_TRUE(part->past_year());
  EXPECT_EQ(Stands(unpaid), "FIXED 200000/50000/150000");
  EXPECT_EQ(Line(), "1000000 = 950000 + 50000 + 0");
  EXPECT_EQ(Line("budgetLines/l2"), "150000 = 0 + 0 + 150000");
  ASSERT_EQ(
      Said(ChangeBudget("budgetLines/l2", "kind: KIND_SUPPLEMENT yen: 50000 document_number: '議決3'", "2051-06-01")),
      "OK");
  ASSERT_EQ(Said(Pay(unpaid, "kind: KIND_SETTLEMENT yen: 50000 document_number: 'v2' budget_line: 'budgetLines/l2'",
                     "2051-06-01")),
            "OK");
  EXPECT_EQ(Stands(unpaid), "SETTLED 200000/0/200000");
  EXPECT_EQ(close(), "OK");
  // It comes back: no line gets it, neither the one of its year nor the one that paid.
  ASSERT_EQ(Said(Decide(unpaid, "kind: KIND_CANCELLATION yen: 80000 reason: '目的外使用' document_number: '7'",
                        "2051-06-02")),
            "OK");
  EXPECT_EQ(Said(Pay(unpaid, "kind: KIND_RETURN yen: 80000 document_number: 'v3' budget_line: 'budgetLines/l2'",
                     "2051-06-02")),
            "INVALID_ARGUMENT INVALID_REQUEST payment.budget_line:LINE_NOT_CHARGED");
  ASSERT_EQ(Said(Pay(unpaid, "kind: KIND_RETURN yen: 80000 document_number: 'v3'", "2051-06-02")), "OK");
  EXPECT_EQ(Stands(unpaid), "SETTLED 120000/0/120000");
  EXPECT_EQ(Line(), "1000000 = 1000000 + 0 + 0");
  EXPECT_EQ(Line("budgetLines/l2"), "200000 = 0 + 0 + 200000");
}

TEST_P(SubsidyStepsTest, WhatHasToBeGivenBackIsCharged) {
  const std::string name = MakeGranted(800'000);
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 300000 document_number: 'v1'", "2050-04-01")), "OK");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 100000 document_number: 'v2'", "2050-04-03")), "OK");
  clock().Advance(absl::Hours(24 * 30));  // 3 May
  ASSERT_EQ(Said(Decide(name, "kind: KIND_CANCELLATION yen: 200000 reason: '違反' document_number: '2'", "2050-04-11")),
            "OK");
  ASSERT_EQ(
      Said(Decide(name, "kind: KIND_RETURN_ORDER document_number: '3' return_due_date { year: 2050 month: 4 day: 21 }",
                  "2050-04-11")),
      "OK");
  const auto first = Pay(name, "kind: KIND_RETURN yen: 50000 document_number: 'v3'", "2050-04-13");
  ASSERT_EQ(Said(first), "OK");
  EXPECT_EQ(first->added_charge_yen(), 150) << "10 days of what came last";
  EXPECT_EQ(first->late_charge_yen(), 0);
  const auto second = Pay(name, "kind: KIND_RETURN yen: 150000 document_number: 'v4'", "2050-05-01");
  ASSERT_EQ(Said(second), "OK");
  EXPECT_EQ(second->added_charge_yen(), 28 * 15 + 30 * 30) << "50,000 for 28 days, 100,000 for 30";
  EXPECT_EQ(second->late_charge_yen(), 10 * 45);
  EXPECT_EQ(Line(), "1000000 = 800000 + 0 + 200000") << "a charge is no posting of the line";
}

TEST_P(SubsidyStepsTest, ClosedAccountsAreOpenedByTwoPeople) {
  const Caller second = CallerWith("second", {"budget-officer@areas/310000"}, "subsidy");
  const auto close = [&] {
    return Said(Ask<BudgetLine, CloseBudgetLineRequest>(*budget_, "BudgetLineService/CloseBudgetLine",
                                                        "name: 'budgetLines/l1'"));
  };
  const auto reopen = [&](const Caller& caller) {
    return Said(Ask<BudgetLine, ReopenBudgetLineRequest>(caller, "BudgetLineService/ReopenBudgetLine",
                                                         "name: 'budgetLines/l1' reason: '記載漏れ'"));
  };
  const std::string name = MakeGranted(500'000);
  EXPECT_EQ(close(), "FAILED_PRECONDITION YEAR_NOT_OVER");
  clock().Advance(absl::Hours(24 * 363));  // 1 April 2051
  EXPECT_EQ(close(), "FAILED_PRECONDITION LINE_COMMITTED");
  ASSERT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 250000 document_number: 'v1'", "2051-03-31")), "OK");
  ASSERT_EQ(close(), "OK");
  EXPECT_EQ(close(), "FAILED_PRECONDITION LINE_CLOSED");
  EXPECT_EQ(Said(ChangeBudget("budgetLines/l1", "kind: KIND_SUPPLEMENT yen: 1 document_number: '2'", "2051-03-31")),
            "FAILED_PRECONDITION YEAR_CLOSED")
      << "whatever its day";
  EXPECT_EQ(reopen(*budget_), "OK");
  EXPECT_EQ(reopen(*budget_), "FAILED_PRECONDITION SECOND_PERSON_NEEDED");
  EXPECT_EQ(Said(ChangeBudget("budgetLines/l1", "kind: KIND_SUPPLEMENT yen: 1 document_number: '2'", "2051-03-31")),
            "FAILED_PRECONDITION YEAR_CLOSED")
      << "one person is not enough";
  EXPECT_EQ(reopen(second), "OK");
  EXPECT_EQ(reopen(second), "FAILED_PRECONDITION LINE_NOT_CLOSED");
  EXPECT_EQ(Said(ChangeBudget("budgetLines/l1", "kind: KIND_SUPPLEMENT yen: 1 document_number: '2'", "2051-03-31")),
            "OK");
}

TEST_P(SubsidyStepsTest, WhatAnotherBodyDecidesIsRecordedAndChargesNoLine) {
  ASSERT_EQ(Said(Ask<Programme, CreateProgrammeRequest>(admin(), "ProgrammeService/CreateProgramme",
                                                        R"pb(programme_id: "state"
                                                             programme {
                                                               display_name: "国庫補助"
                                                               fiscal_year: 2050
                                                               rule_set: "ruleSets/r1"
                                                               decided_elsewhere: true
                                                             })pb")),
            "OK");
  const auto draft = Ask<subsidy_v1::Application, CreateApplicationRequest>(
      *officer_, "ApplicationService/CreateApplication",
      "application { programme: 'programmes/state' applicant: 'areas/310000' " + Claim(700'000) + " }");
  ASSERT_EQ(Said(draft), "OK");
  ASSERT_EQ(Said(Ask<Filing, CreateFilingRequest>(
                *officer_, "FilingService/CreateFiling",
                absl::StrCat("parent: '", draft->name(),
                             "' filing { kind: KIND_APPLICATION filing_date { year: 2050 month: 4 day: 1 } }"))),
            "OK");
  ASSERT_EQ(Said(Decide(draft->name(), "kind: KIND_EXAMINATION")), "OK");
  EXPECT_EQ(Said(Decide(draft->name(), Granting())),
            "INVALID_ARGUMENT INVALID_REQUEST decision.budget_line:LINE_NOT_CHARGED");
  ASSERT_EQ(Said(Decide(draft->name(), "kind: KIND_GRANT document_number: '障発第1号'")), "OK");
  EXPECT_EQ(Stands(draft->name()), "GRANTED 350000/350000/0");
  EXPECT_EQ(Line(), "1000000 = 1000000 + 0 + 0");
}

TEST_P(SubsidyStepsTest, EachSeesItsOwn) {
  const std::string mine = MakeGranted(100'000), other = MakeGranted(100'000, "areas/313025");
  const auto get = [&](const Caller& caller, const std::string& name) {
    return Said(Ask<subsidy_v1::Application, GetApplicationRequest>(caller, "ApplicationService/GetApplication",
                                                                    absl::StrCat("name: '", name, "'")));
  };
  EXPECT_EQ(get(*city_, mine), "OK");
  EXPECT_EQ(get(*city_, other), "NOT_FOUND APPLICATION_NOT_FOUND");
  EXPECT_EQ(get(*officer_, other), "OK");
  EXPECT_EQ(Said(Ask<Explanation, ExplainAmountRequest>(*city_, "ExplanationService/ExplainAmount",
                                                        absl::StrCat("name: '", Application(other).decision(), "'"))),
            "NOT_FOUND DECISION_NOT_FOUND");
  EXPECT_EQ(Said(File(other, "kind: KIND_STATUS_REPORT")),
            "NOT_FOUND APPLICATION_NOT_FOUND parent:APPLICATION_NOT_FOUND");
  const auto explained = Ask<Explanation, ExplainAmountRequest>(*city_, "ExplanationService/ExplainAmount",
                                                                absl::StrCat("name: '", mine, "'"));
  ASSERT_EQ(Said(explained), "OK");
  EXPECT_EQ(explained->postings_size(), 0) << "the line is the prefecture's";
  const auto foreign = Ask<subsidy_v1::Application, CreateApplicationRequest>(
      *city_, "ApplicationService/CreateApplication",
      "application { programme: 'programmes/p1' applicant: 'areas/313025' }");
  EXPECT_EQ(Said(foreign), "PERMISSION_DENIED OUT_OF_SCOPE");
}

// 32 decisions of 8 officers on one line that has room for some of them.
TEST_P(SubsidyStepsTest, EightOfficersNeverSpendMoreThanThereIs) {
  std::vector<std::string> names;
  for (int i = 0; i < 8; ++i) names.push_back(MakeExamined(300'000));
  const auto told = EightAtOnce([&](int writer) { return Said(Decide(names[writer], Granting())); });
  EXPECT_THAT(told, UnorderedElementsAre(Pair("OK", 6), Pair("FAILED_PRECONDITION BUDGET_EXCEEDED", 2)));
  EXPECT_EQ(Line(), "1000000 = 100000 + 900000 + 0");
}

TEST_P(SubsidyStepsTest, EightDecisionsAboutOneApplication) {
  const std::string name = MakeExamined(300'000);
  const auto told = EightAtOnce([&](int) { return Said(Decide(name, Granting())); });
  EXPECT_THAT(told, UnorderedElementsAre(Pair("OK", 1), Pair("FAILED_PRECONDITION STEP_OUT_OF_ORDER", 7)));
  EXPECT_EQ(Line(), "1000000 = 850000 + 150000 + 0");
}

TEST_P(SubsidyStepsTest, EightPaymentsOfOneVoucher) {
  const std::string name = MakeGranted(300'000);
  const auto told =
      EightAtOnce([&](int) { return Said(Pay(name, "kind: KIND_ADVANCE yen: 10000 document_number: 'v1'")); });
  EXPECT_THAT(told, UnorderedElementsAre(Pair("OK", 1), Pair("ALREADY_EXISTS PAID_ALREADY", 7)));
  EXPECT_EQ(Line(), "1000000 = 850000 + 140000 + 10000");
}

TEST_P(SubsidyStepsTest, EightTransfersBothWays) {
  ASSERT_EQ(
      Said(Ask<BudgetLine, CreateBudgetLineRequest>(
          admin(), "BudgetLineService/CreateBudgetLine",
          R"pb(budget_line_id: "l2"
               budget_line { display_name: "他の費" fiscal_year: 2050 code: "03-02" body: "areas/310000" })pb")),
      "OK");
  ASSERT_EQ(Said(ChangeBudget("budgetLines/l2", "kind: KIND_INITIAL yen: 1000000 document_number: '1'")), "OK");
  const auto told = EightAtOnce([&](int writer) {
    const std::string from = writer % 2 == 0 ? "budgetLines/l1" : "budgetLines/l2";
    const std::string to = writer % 2 == 0 ? "budgetLines/l2" : "budgetLines/l1";
    return Said(ChangeBudget(
        from, absl::StrCat("kind: KIND_TRANSFER yen: 1", writer, "000 document_number: '2' to_line: '", to, "'")));
  });
  EXPECT_THAT(told, ElementsAre(Pair("OK", 8)));
  EXPECT_EQ(Line("budgetLines/l1"), "1004000 = 1004000 + 0 + 0");
  EXPECT_EQ(Line("budgetLines/l2"), "996000 = 996000 + 0 + 0");
}

WIRE_TEST_ON_BOTH(SubsidyStepsTest);

}  // namespace
}  // namespace tsunagu::wire
