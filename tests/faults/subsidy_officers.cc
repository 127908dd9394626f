#include "tests/faults/subsidy_officers.h"

#include "gtest/gtest.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/forwarding.pb.h"
#include "tsunagu/subsidy/v1/override.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"
#include "tsunagu/subsidy/v1/usage_grant.pb.h"

namespace tsunagu::faults {
namespace {

using namespace subsidy::v1;  // NOLINT: all of its records

constexpr char kDay[] = " { year: 2020 month: 6 day: 1 } ";
constexpr char kLateDay[] = " { year: 2021 month: 6 day: 2 } ";  // the accounts of 2020 are closed

// An application and the officers who work on it.
class Case {
 public:
  Case(Desk& desk, const std::string& programme, int yen)
      : desk_(desk),
        claim_(absl::StrCat("claim { items { code: 'a' entries { input: 'spent' value: ", yen, " } } } ")) {
    name_ = desk.Make<Application>(
        "municipality-officer",
        absl::StrCat("application { programme: 'programmes/", programme, "' applicant: 'areas/312011' ", claim_, " }"));
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
  // For a person with all roles, approved by the treasurer.
  bool MakeOverride() {
    const std::string override = desk_.Make<Override>(
        "jack",
        absl::StrCat("parent: '", name_, "' override { reason: '見本' last_date { year: 2199 month: 1 day: 1 } }"));
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
    case 1:  // both duties are jack's, by an override
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
      "prefecture-officer",
      absl::StrCat("commitment { programme: 'programmes/p' body: 'areas/310000' display_name: '見本' "
                   "item: 'a' kind: ",
                   is_contract ? "KIND_CONTRACT contractor: '見本法人'" : "KIND_DIRECT", " }"));
  if (name.empty()) return;
  int number = 0;
  const auto act = [&](const char* role, const char* kind, int yen, const char* line = "") {
    return !desk.Make<CommitmentAct>(
                    role, absl::StrCat("parent: '", name, "' commitment_act { kind: KIND_", kind, " yen: ", yen,
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

void WorkOnBatch(Desk& desk) {
  const std::string batch = desk.Make<PaymentBatch>(
      "prefecture-officer",
      absl::StrCat("payment_batch { body: 'areas/310000' layout: 'paymentLayouts/f' document_number: '", desk.random(),
                   "' request_date", kDay, "}"));
  if (batch.empty()) return;
  ListPaymentRequestsRequest list;
  list.set_parent(batch);
  list.set_page_size(1000);
  std::string rows = "key,day,voucher,yen,refusal\\n";
  const auto requests =
      desk.Read<ListPaymentRequestsResponse>("treasurer", "PaymentRequestService/ListPaymentRequests", list);
  for (const auto& one : requests.payment_requests()) {
    const bool is_refused = desk.Upto(3) == 0;
    absl::StrAppend(&rows, one.key(), ",", is_refused ? "," : absl::StrCat("2020-06-01,", one.key()), ",", one.yen(),
                    ",", is_refused ? "E1" : "", "\\n");
  }
  for (int i = 0; i < 2; ++i) {
    (void)desk.Ask<PaymentBatch>("treasurer", "ImportPaymentResult",
                                 absl::StrCat("name: '", batch, "' data: '", rows, "'"));
  }
}

void WorkOnForwarding(Desk& desk) {
  Case one(desk, "s", 1000 * (1 + desk.Upto(49)));
  if (!one.Bring()) return;
  const auto forward = [&] {
    return !desk.Make<Forwarding>("prefecture-officer",
                                  absl::StrCat("parent: 'programmes/s' forwarding { body: 'areas/310000' "
                                               "document_number: '1' forwarding_date",
                                               kDay, "}"))
                .empty();
  };
  (void)forward();  // or another officer has
  if (desk.Upto(1) == 0) (void)(one.Decide("kind: KIND_SENDING_BACK reason: '見本'") && one.Bring() && forward());
  (void)(one.Decide("kind: KIND_GRANT") && one.Report() && one.Decide("kind: KIND_SENDING_BACK reason: '見本'"));
}

void WorkOnHours(Desk& desk) {
  const std::string city = "municipality-officer";
  const std::string provider = desk.Make<Provider>(
      city,
      "provider { display_name: '見本' body: 'areas/312011' activity: ACTIVITY_RESPITE registration_date { year: 2020 "
      "month: 4 day: 1 } }");
  const std::string grant = desk.Make<UsageGrant>(
      city,
      absl::StrCat(
          "usage_grant { body: 'areas/312011' scheme: 'activitySchemes/h' child: 'c", desk.random(),
          "' fiscal_year: 2020 minutes: 300 application_date { year: 2020 month: 4 day: 1 } decision_date { year: "
          "2020 month: 4 day: 1 } }"));
  if (provider.empty() || grant.empty()) return;
  const auto visit = [&](int hour, int hours, const std::string& replaces) {
    return desk.Make<ServiceRecord>(
        city, absl::StrCat("parent: '", grant, "' service_record { provider: '", provider,
                           "' place: SERVICE_PLACE_HOME served_by: "
                           "SERVED_BY_NURSE service_date",
                           kDay, "begins_at: '", hour, ":00' ends_at: '", hour + hours, ":00' ", replaces, " }"));
  };
  const std::string first = visit(9, 2, ""), second = visit(12, 1, "");
  (void)visit(10, 2, "");  // the same minutes
  (void)visit(14, 3, "");  // more than is granted
  const std::string corrected = visit(9, 1, absl::StrCat("replaces: '", first, "'"));
  if (second.empty() || corrected.empty()) return;
  const std::string claim = desk.Make<UsageClaim>(
      city, absl::StrCat("parent: '", provider, "' usage_claim { month_date", kDay,
                         "total_yen: 2000 lines { usage_grant: '", grant, "' minutes: 120 yen: 2000 } }"));
  (void)visit(18, 1, "");  // its month is claimed already
  if (claim.empty() || desk.Upto(1) == 0) return;
  (void)desk.Ask<UsageClaim>(city, "WithdrawUsageClaim", absl::StrCat("name: '", claim, "' reason: '見本'"));
}

void WorkOnBudget(Desk& desk) {
  const bool there = desk.Upto(1) == 0;
  desk.Make<BudgetChange>(
      "budget-officer",
      absl::StrCat("parent: 'budgetLines/", there ? "l" : "m",
                   "' budget_change { kind: KIND_TRANSFER yen: ", 1 + desk.Upto(999), " to_line: 'budgetLines/",
                   there ? "m" : "l", "' document_number: '1' change_date", kDay, "}"));
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
  make(desk.Make<RuleSet>(
           "admin",
           "rule_set_id: 'r' rule_set { display_name: '見本' result: 'grant' items { code: 'a' ja: '見本' "
           "en: 'sample' inputs { name: 'spent' ja: '経費' en: 'cost' unit: UNIT_YEN } steps { name: "
           "'grant' ja: '額' en: 'grant' formula: 'spent' } } }"),
       "rule set");
  make(desk.Make<Programme>("admin",
                            "programme_id: 'p' programme { display_name: '見本' fiscal_year: 2020 grantor: "
                            "'areas/310000' rule_set: 'ruleSets/r' }"),
       "programme");
  make(desk.Make<Programme>("admin",
                            "programme_id: 's' programme { display_name: '国の見本' fiscal_year: 2020 rule_set: "
                            "'ruleSets/r' decided_elsewhere: true via: 'areas/310000' }"),
       "the State's programme");
  make(desk.Make<PaymentLayout>(
           "admin",
           "payment_layout_id: 'f' payment_layout { display_name: '見本' body: 'areas/310000' form { "
           "shape: SHAPE_CSV encoding: ENCODING_UTF8 has_heading: true columns { heading: 'key' "
           "source: SOURCE_KEY } columns { heading: 'yen' source: SOURCE_YEN } result { key: 'key' "
           "day: 'day' voucher: 'voucher' yen: 'yen' refusal: 'refusal' } } }"),
       "layout");
  make(desk.Make<ActivityScheme>("admin",
                                 "activity_scheme_id: 'h' activity_scheme { display_name: '見本' body: 'areas/312011' "
                                 "activity: ACTIVITY_RESPITE unit_minutes: 60 rest: REST_DROPPED start: START_DECISION "
                                 "unit_price_yen: 1000 }"),
       "scheme");
  for (const char* line :
       {"'l' budget_line { code: '1' fiscal_year: 2020", "'m' budget_line { code: '2' fiscal_year: 2020",
        "'n' budget_line { code: '3' fiscal_year: 2021"}) {
    make(desk.Make<BudgetLine>(
             "admin", absl::StrCat("budget_line_id: ", line, " display_name: '見本費' body: 'areas/310000' }")),
         line);
  }
  for (const char* change : {"'budgetLines/l' budget_change { change_date { year: 2020 month: 6 day: 1 }",
                             "'budgetLines/n' budget_change { change_date { year: 2021 month: 6 day: 1 }"}) {
    make(desk.Make<BudgetChange>(
             "admin", absl::StrCat("parent: ", change, " kind: KIND_INITIAL yen: 5000000 document_number: '1' }")),
         change);
  }
}

}  // namespace tsunagu::faults
