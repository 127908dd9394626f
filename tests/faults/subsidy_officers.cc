#include "tests/faults/subsidy_officers.h"

#include "gtest/gtest.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/override.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::faults {
namespace {

using namespace subsidy::v1;  // NOLINT: all of its records

constexpr char kDay[] = " { year: 2020 month: 6 day: 1 } ";
constexpr char kLateDay[] = " { year: 2021 month: 6 day: 2 } ";  // the accounts of 2020 are closed

// An application and who works on it.
class Case {
 public:
  Case(Desk& desk, const std::string& programme, int yen)
      : desk_(desk), claim_(absl::StrCat("claim { items { code: 'a' entries { input: 'spent' value: ", yen, " } } } ")) {
    name_ = desk.Make<Application>("municipality-officer",
                                   absl::StrCat("application { programme: 'programmes/", programme,
                                                "' applicant: 'areas/312011' ", claim_, " }"));
  }
  const std::string& name() const { return name_; }
  const std::string& claim() const { return claim_; }

  bool File(const std::string& text, const std::string& role = "municipality-officer") {
    return Make<Filing>(role, absl::StrCat("filing { filing_date", kDay, text, " }"));
  }
  bool Decide(const std::string& text, const std::string& role = "prefecture-officer") {
    return Make<Decision>(role, absl::StrCat("decision { document_number: '1' decision_date", kDay, text, " }"));
  }
  bool Pay(const std::string& text, const char* day = kDay) {
    return Make<Payment>("treasurer", absl::StrCat("payment { payment_date", day, text, " }"));
  }
  // Filed and examined.
  bool Bring() { return !name_.empty() && File("kind: KIND_APPLICATION") && Decide("kind: KIND_EXAMINATION"); }
  bool Report(const std::string& role = "municipality-officer") {
    return File("kind: KIND_COMPLETION_REPORT completion_date { year: 2020 month: 5 day: 1 } " + claim_, role);
  }
  // Of somebody who has all roles, approved by the treasurer.
  bool MakeOverride() {
    const std::string override = desk_.Make<Override>(
        "jack", absl::StrCat("parent: '", name_, "' override { reason: '見本' last_date { year: 2199 month: 1 day: 1 } }"));
    return !override.empty() &&
           desk_.Ask<Override>("treasurer", "ApproveOverride", absl::StrCat("name: '", override, "'")).ok();
  }

 private:
  template <typename M>
  bool Make(const std::string& role, const std::string& text) {
    return !desk_.Make<M>(role, absl::StrCat("parent: '", name_, "' ", text)).empty();
  }

  Desk& desk_;
  const std::string claim_;
  std::string name_;
};

}  // namespace

void WorkOnApplication(Desk& desk) {
  const int yen = 1000 * (1 + desk.Upto(49)), half = yen / 2;
  Case one(desk, "p", yen);
  const bool is_granted = one.Bring() && one.Decide("kind: KIND_GRANT budget_line: 'budgetLines/l'") &&
                          one.Pay(absl::StrCat("kind: KIND_ADVANCE document_number: 'v1' yen: ", half));
  if (!is_granted) return;
  const std::string rest = absl::StrCat("document_number: 'v2' yen: ", half);
  switch (desk.Upto(3)) {
    case 0:
      (void)(one.Decide("kind: KIND_CANCELLATION reason: '見本'") && one.Pay("kind: KIND_RETURN " + rest));
      break;
    case 1:  // both are jack's, by an override
      (void)(one.Report("jack") && one.MakeOverride() && one.Decide("kind: KIND_FIXING", "jack") &&
             one.Pay("kind: KIND_SETTLEMENT " + rest));
      break;
    case 2:
      (void)(one.Report() && one.Decide("kind: KIND_FIXING") &&
             one.Pay("kind: KIND_SETTLEMENT budget_line: 'budgetLines/n' " + rest, kLateDay));
      break;
    default:
      (void)(one.Report() && one.Decide("kind: KIND_FIXING"));
  }
}

void WorkOnContract(Desk& desk) {
  const int yen = 1000 * (2 + desk.Upto(48)), half = yen / 2;
  const bool is_contract = desk.Upto(2) > 0;
  const std::string name = desk.Make<Commitment>(
      "prefecture-officer", absl::StrCat("commitment { programme: 'programmes/p' body: 'areas/310000' display_name: '見本' "
                                         "item: 'a' kind: ", is_contract ? "KIND_CONTRACT contractor: '見本法人'" : "KIND_DIRECT",
                                         " }"));
  if (name.empty()) return;
  int number = 0;
  const auto act = [&](const char* role, const char* kind, int yen, const char* line = "") {
    return !desk.Make<CommitmentAct>(role, absl::StrCat("parent: '", name, "' commitment_act { kind: KIND_", kind, " yen: ", yen,
                                                        " document_number: '", ++number, "' ", line, " act_date", kDay, "}"))
                .empty();
  };
  const char *officer = "prefecture-officer", *treasurer = "treasurer", *line = "budget_line: 'budgetLines/l'",
             *other = "budget_line: 'budgetLines/m'";
  (void)((!is_contract || act(officer, "CONCLUSION", yen)) && act(officer, "COMMITMENT", half, line) &&
         act(treasurer, "ADVANCE", half / 2, line) && act(officer, "COMMITMENT", 1, other) &&
         act(officer, "INSPECTION", half) && act(treasurer, "PAYMENT", half - half / 2, line) &&
         act(treasurer, "RETURN", half / 2, line) && act(officer, "RELEASE", 1, other) &&
         (!is_contract || act(officer, desk.Upto(1) == 0 ? "TERMINATION" : "CHANGE", half)));
}

void WorkOnBudget(Desk& desk) {
  const bool there = desk.Upto(1) == 0;
  desk.Make<BudgetChange>("budget-officer",
                          absl::StrCat("parent: 'budgetLines/", there ? "l" : "m", "' budget_change { kind: KIND_TRANSFER yen: ",
                                       1 + desk.Upto(999), " to_line: 'budgetLines/", there ? "m" : "l",
                                       "' document_number: '1' change_date", kDay, "}"));
}

const std::map<std::string, std::vector<std::string>>& OfficerRoles() {
  static const auto& roles = *new std::map<std::string, std::vector<std::string>>{
      {"municipality-officer", {"municipality-officer"}},
      {"prefecture-officer", {"prefecture-officer"}},
      {"treasurer", {"treasurer"}},
      {"budget-officer", {"budget-officer"}},
      {"jack", {"municipality-officer", "prefecture-officer", "treasurer"}},
  };
  return roles;
}

void PrepareOffice(Desk& desk) {
  const auto make = [&](const std::string& made, const char* what) { ASSERT_FALSE(made.empty()) << what; };
  make(desk.Make<RuleSet>("admin", "rule_set_id: 'r' rule_set { display_name: '見本' result: 'grant' items { code: 'a' ja: '見本' "
                                   "en: 'sample' inputs { name: 'spent' ja: '経費' en: 'cost' unit: UNIT_YEN } steps { name: "
                                   "'grant' ja: '額' en: 'grant' formula: 'spent' } } }"),
       "rule set");
  make(desk.Make<Programme>("admin", "programme_id: 'p' programme { display_name: '見本' fiscal_year: 2020 grantor: "
                                     "'areas/310000' rule_set: 'ruleSets/r' }"),
       "programme");
  for (const char* line : {"'l' budget_line { code: '1' fiscal_year: 2020", "'m' budget_line { code: '2' fiscal_year: 2020",
                           "'n' budget_line { code: '3' fiscal_year: 2021"}) {
    make(desk.Make<BudgetLine>("admin", absl::StrCat("budget_line_id: ", line, " display_name: '見本費' body: 'areas/310000' }")),
         line);
  }
  for (const char* change : {"'budgetLines/l' budget_change { change_date { year: 2020 month: 6 day: 1 }",
                             "'budgetLines/n' budget_change { change_date { year: 2021 month: 6 day: 1 }"}) {
    make(desk.Make<BudgetChange>("admin", absl::StrCat("parent: ", change, " kind: KIND_INITIAL yen: 5000000 document_number: '1' }")),
         change);
  }
}

}  // namespace tsunagu::faults
