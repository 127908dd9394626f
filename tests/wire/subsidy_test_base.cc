#include "tests/wire/subsidy_test_base.h"

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/jp/civil_day.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen

std::string DateText(const std::string& field, const std::string& day) {
  return absl::StrCat(field, " { ", jp::ToDate(*jp::ParseDay(day)).ShortDebugString(), " }");
}

constexpr char kItem[] = R"pb(
  items {
    code: "$"
    ja: "見本事業"
    en: "sample"
    constants { name: "standard" ja: "補助基準額" en: "standard amount" value: "800000" }
    inputs { name: "spent" ja: "対象経費" en: "eligible cost" unit: UNIT_YEN }
    inputs { name: "income" ja: "収入" en: "income" unit: UNIT_YEN optional: true }
    steps {
      name: "income_is_less"
      ja: "収入が支出を超えないこと"
      en: "income is at most the cost"
      formula: "income <= spent"
      condition: true
    }
    steps { name: "eligible" ja: "差引額" en: "cost less income" formula: "spent - income" }
    steps {
      name: "grant"
      ja: "補助額"
      en: "grant"
      formula: "min(eligible, standard) * rate"
      rounding_unit: 1000
      rounding: ROUNDING_DOWN
    }
  }
)pb";

}  // namespace

void SubsidyTest::SetUp() {
  SuiteTest::SetUp();
  if (IsSkipped()) return;
  const auto caller = [&](const char* id, const char* grant) {
    return std::make_unique<Caller>(CallerWith(id, {grant}, "subsidy"));
  };
  city_ = caller("city", "municipality-officer@areas/312011");
  officer_ = caller("officer", "prefecture-officer@areas/310000");
  budget_ = caller("budget", "budget-officer@areas/310000");
  treasurer_ = caller("treasurer", "treasurer@areas/310000");
  const std::string rule_set =
      absl::StrCat(R"pb(rule_set_id: "r1"
                        rule_set { display_name: "見本県補助金交付要綱" result: "grant"
                                   constants { name: "rate" ja: "補助率" en: "rate" value: "1/2" }
                                   minor_change { step: "eligible" percent: 20 base: BASE_WHOLE }
                                   report_deadline { days: 30 latest_month: 4 latest_day: 10 }
                                   return_charge { per_ten_thousand_a_day: 3 from_receipt: true when_late: true })pb",
                   absl::StrReplaceAll(kItem, {{"$", "council"}}), absl::StrReplaceAll(kItem, {{"$", "respite"}}), "}");
  ASSERT_EQ(Said(Ask<RuleSet, CreateRuleSetRequest>(admin(), "RuleSetService/CreateRuleSet", rule_set)), "OK");
  ASSERT_EQ(Said(Ask<Programme, CreateProgrammeRequest>(admin(), "ProgrammeService/CreateProgramme",
                                                        R"pb(programme_id: "p1"
                                                             programme {
                                                               display_name: "見本事業"
                                                               fiscal_year: 2050
                                                               grantor: "areas/310000"
                                                               rule_set: "ruleSets/r1"
                                                             })pb")),
            "OK");
  ASSERT_EQ(Said(Ask<BudgetLine, CreateBudgetLineRequest>(admin(), "BudgetLineService/CreateBudgetLine",
                                                          R"pb(budget_line_id: "l1"
                                                               budget_line {
                                                                 display_name: "見本費"
                                                                 fiscal_year: 2050
                                                                 code: "03-01-02-19"
                                                                 body: "areas/310000"
                                                               })pb")),
            "OK");
  ASSERT_EQ(Said(ChangeBudget("budgetLines/l1", "kind: KIND_INITIAL yen: 1000000 document_number: '議決1'")), "OK");
}

absl::StatusOr<Filing> SubsidyTest::File(const std::string& application, const std::string& text,
                                         const std::string& date, const Caller* by) {
  return Ask<Filing, CreateFilingRequest>(
      by == nullptr ? *city_ : *by, "FilingService/CreateFiling",
      absl::StrCat("parent: '", application, "' filing { ", text, " ", DateText("filing_date", date), " }"));
}

absl::StatusOr<Decision> SubsidyTest::Decide(const std::string& application, const std::string& text,
                                             const std::string& date, const Caller* by) {
  return Ask<Decision, CreateDecisionRequest>(
      by == nullptr ? *officer_ : *by, "DecisionService/CreateDecision",
      absl::StrCat("parent: '", application, "' decision { ", text, " ", DateText("decision_date", date), " }"));
}

absl::StatusOr<Payment> SubsidyTest::Pay(const std::string& application, const std::string& text,
                                         const std::string& date, const Caller* by) {
  return Ask<Payment, CreatePaymentRequest>(
      by == nullptr ? *treasurer_ : *by, "PaymentService/CreatePayment",
      absl::StrCat("parent: '", application, "' payment { ", text, " ", DateText("payment_date", date), " }"));
}

absl::StatusOr<BudgetChange> SubsidyTest::ChangeBudget(const std::string& line, const std::string& text,
                                                       const std::string& date) {
  return Ask<BudgetChange, CreateBudgetChangeRequest>(
      *budget_, "BudgetChangeService/CreateBudgetChange",
      absl::StrCat("parent: '", line, "' budget_change { ", text, " ", DateText("change_date", date), " }"));
}

std::string SubsidyTest::Claim(int64_t cost, int64_t income) {
  return absl::StrCat("claim { items { code: 'council' entries { input: 'spent' value: ", cost,
                      " } entries { input: 'income' value: ", income, " } } }");
}

std::string SubsidyTest::MakeDraft(int64_t cost, const std::string& body) {
  const auto draft = Ask<subsidy_v1::Application, CreateApplicationRequest>(
      admin(), "ApplicationService/CreateApplication",
      absl::StrCat("application { programme: 'programmes/p1' applicant: '", body, "' ", Claim(cost), " }"));
  EXPECT_EQ(Said(draft), "OK");
  return draft.ok() ? draft->name() : "";
}

std::string SubsidyTest::MakeExamined(int64_t cost, const std::string& body) {
  const std::string name = MakeDraft(cost, body);
  const Caller caller = body == "areas/312011" ? *city_ : admin();
  EXPECT_EQ(Said(Ask<Filing, CreateFilingRequest>(caller, "FilingService/CreateFiling",
                                                  absl::StrCat("parent: '", name, "' filing { kind: KIND_APPLICATION ",
                                                               DateText("filing_date", "2050-04-01"), " }"))),
            "OK");
  EXPECT_EQ(Said(Decide(name, "kind: KIND_EXAMINATION", "2050-04-01")), "OK");
  return name;
}

std::string SubsidyTest::Granting(const std::string& more) {
  return absl::StrCat("kind: KIND_GRANT document_number: '見本第1号' budget_line: 'budgetLines/l1' ", more);
}

std::string SubsidyTest::MakeGranted(int64_t cost, const std::string& body) {
  const std::string name = MakeExamined(cost, body);
  EXPECT_EQ(Said(Decide(name, Granting(), "2050-04-01")), "OK");
  return name;
}

subsidy_v1::Application SubsidyTest::Application(const std::string& name) {
  const auto application = Ask<subsidy_v1::Application, GetApplicationRequest>(
      admin(), "ApplicationService/GetApplication", absl::StrCat("name: '", name, "'"));
  EXPECT_EQ(Said(application), "OK");
  return application.ok() ? *application : subsidy_v1::Application();
}

std::string SubsidyTest::Stands(const std::string& name) {
  const auto application = Application(name);
  return absl::StrFormat("%s %d/%d/%d", subsidy_v1::Application::State_Name(application.state()).substr(6),
                         application.granted_yen(), application.committed_yen(), application.paid_yen());
}

std::string SubsidyTest::Line(const std::string& name) {
  const auto line = Ask<BudgetLine, GetBudgetLineRequest>(admin(), "BudgetLineService/GetBudgetLine",
                                                          absl::StrCat("name: '", name, "'"));
  EXPECT_EQ(Said(line), "OK");
  if (!line.ok()) return "";
  const auto explanation = Ask<Explanation, ExplainAmountRequest>(admin(), "ExplanationService/ExplainAmount",
                                                                  absl::StrCat("name: '", name, "'"));
  EXPECT_EQ(Said(explanation), "OK");
  EXPECT_TRUE(explanation.ok() && explanation->agrees()) << "its postings say something else";
  EXPECT_EQ(line->granted_yen(), line->available_yen() + line->committed_yen() + line->paid_yen());
  return absl::StrFormat("%d = %d + %d + %d", line->granted_yen(), line->available_yen(), line->committed_yen(),
                         line->paid_yen());
}

}  // namespace tsunagu::wire
