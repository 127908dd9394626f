#ifndef TSUNAGU_SERVICES_SUITE_SUBSIDY_FIXTURE_H_
#define TSUNAGU_SERVICES_SUITE_SUBSIDY_FIXTURE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/suite/suite_fixture.h"
#include "tsunagu/platform/v1/access.pb.h"
#include "tsunagu/subsidy/v1/allotment.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

// For tests: a suite with the programme of fiscal year 2025, half of the cost, and one person for each duty.
namespace tsunagu::suite {

class SubsidySuite {
 public:
  SubsidySuite() {
    using namespace subsidy::v1;  // NOLINT: requests by the dozen
    Ask<RuleSet, CreateRuleSetRequest>("RuleSetService/CreateRuleSet",
                                       R"pb(rule_set_id: "r1"
                                            rule_set {
                                              display_name: "見本県補助金交付要綱"
                                              result: "grant"
                                              items {
                                                code: "day-place"
                                                ja: "日中の居場所作り"
                                                en: "a place for the day"
                                                inputs { name: "spent" ja: "対象経費" en: "cost" unit: UNIT_YEN }
                                                steps {
                                                  name: "grant"
                                                  ja: "補助額"
                                                  en: "grant"
                                                  formula: "spent * 1/2"
                                                  rounding_unit: 1000
                                                  rounding: ROUNDING_DOWN
                                                }
                                              }
                                            })pb");
    Ask<Programme, CreateProgrammeRequest>("ProgrammeService/CreateProgramme", R"pb(programme_id: "p1"
                                                                                    programme {
                                                                                      display_name: "見本事業"
                                                                                      fiscal_year: 2025
                                                                                      grantor: "areas/310000"
                                                                                      rule_set: "ruleSets/r1"
                                                                                    })pb");
    Ask<BudgetLine, CreateBudgetLineRequest>(
        "BudgetLineService/CreateBudgetLine",
        R"pb(budget_line_id: "l1"
             budget_line { display_name: "見本費" fiscal_year: 2025 code: "03-01" body: "areas/310000" })pb");
    Ask<BudgetChange, CreateBudgetChangeRequest>("BudgetChangeService/CreateBudgetChange",
                                                 "parent: 'budgetLines/l1' budget_change { kind: KIND_INITIAL yen: "
                                                 "1000000 document_number: '議決1' change_date { "
                                                 "year: 2025 month: 4 day: 1 } }");
    for (const char* role : {"prefecture-officer", "treasurer", "auditor"}) MakeKey(role, "areas/310000");
    MakeKey("municipality-officer", "areas/312011");
  }

  // `text` is the request.
  template <typename M, typename Request>
  M Ask(const std::string& method, const std::string& text, const std::string& role = "") const {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    const Client client = As(role);
    const auto answer = client.peer->Unary<M>("tsunagu.subsidy.v1." + method, request, client.once);
    EXPECT_TRUE(answer.ok()) << text << ErrorJson(answer.status(), Language::kEnglish);
    return answer.value_or(M());
  }
  // Without a role, returns the administrator.
  Client As(const std::string& role, const std::string& language = "en") const {
    Client client = suite.Administrator(language);
    if (!role.empty()) client.once.api_key = client.stream.api_key = suite.folder.Read(role);
    return client;
  }

  std::string Apply(int64_t cost, const std::string& body = "areas/312011") const {
    using namespace subsidy::v1;  // NOLINT: requests by the dozen
    const std::string name =
        Ask<Application, CreateApplicationRequest>(
            "ApplicationService/CreateApplication",
            absl::StrCat("application { programme: 'programmes/p1' applicant: '", body, "' ", Claim(cost), " }"))
            .name();
    File(name, "kind: KIND_APPLICATION filing_date { year: 2025 month: 5 day: 1 }");
    Decide(name, "kind: KIND_EXAMINATION decision_date { year: 2025 month: 5 day: 2 }");
    Decide(name,
           "kind: KIND_GRANT document_number: '見本第1号' budget_line: 'budgetLines/l1' decision_date { year: 2025 "
           "month: 5 day: 3 }");
    return name;
  }
  void File(const std::string& name, const std::string& text) const {
    Ask<subsidy::v1::Filing, subsidy::v1::CreateFilingRequest>(
        "FilingService/CreateFiling", absl::StrCat("parent: '", name, "' filing { ", text, " }"));
  }
  void Decide(const std::string& name, const std::string& text) const {
    Ask<subsidy::v1::Decision, subsidy::v1::CreateDecisionRequest>(
        "DecisionService/CreateDecision", absl::StrCat("parent: '", name, "' decision { ", text, " }"),
        "prefecture-officer");
  }
  void Pay(const std::string& name, const std::string& text) const {
    Ask<subsidy::v1::Payment, subsidy::v1::CreatePaymentRequest>(
        "PaymentService/CreatePayment", absl::StrCat("parent: '", name, "' payment { ", text, " }"), "treasurer");
  }
  static std::string Claim(int64_t cost) {
    return absl::StrCat("claim { items { code: 'day-place' entries { input: 'spent' value: ", cost, " } } }");
  }

  RunningSuite suite;

 private:
  void MakeKey(const std::string& role, const std::string& scope) const {
    const Client client = suite.Administrator();
    platform::v1::SetPrincipalRequest set;
    set.set_parent("services/subsidy");
    set.set_principal_id(role);
    auto& grant = *set.mutable_principal()->add_grants();
    grant.set_role(role);
    grant.set_scope(scope);
    const auto principal =
        client.peer->Unary<platform::v1::Principal>("tsunagu.platform.v1.AccessService/SetPrincipal", set, client.once);
    EXPECT_TRUE(principal.ok()) << principal.status();
    platform::v1::CreateApiKeyRequest create;
    create.set_parent("services/subsidy");
    create.mutable_api_key()->set_principal(role);
    const auto key = client.peer->Unary<platform::v1::CreateApiKeyResponse>(
        "tsunagu.platform.v1.AccessService/CreateApiKey", create, client.once);
    EXPECT_TRUE(key.ok()) << key.status();
    if (key.ok()) suite.folder.Write(role, key->secret());
  }
};

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_SUBSIDY_FIXTURE_H_
