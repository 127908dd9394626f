#include "tools/demo/subsidy.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "google/protobuf/text_format.h"
#include "services/suite/progress.h"
#include "services/suite/text_table.h"
#include "tools/demo/words.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/platform/v1/access.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::demo {
namespace {

using namespace subsidy::v1;  // NOLINT: requests by the dozen
using google::protobuf::Message;
using suite::Client;

constexpr char kLine[] = "budgetLines/sample-2025";
constexpr char kProgramme[] = "programmes/sample-2025";

// Returns a claim of what a municipality has spent, or plans to spend, on the place for the day.
std::string Claim(int yen, int income) {
  return absl::StrCat("claim { items { code: 'day-place' entries { input: 'spent' value: ", yen,
                      " } entries { input: 'income' value: ", income, " } } }");
}

class SampleProgramme {
 public:
  explicit SampleProgramme(const Client& client) : client_(client) {}

  absl::StatusOr<ProgrammeReport> Run(const std::string& prefecture) {
    ASSIGN_OR_RETURN(bodies_, BodiesOf(prefecture));
    GetProgrammeRequest get;
    get.set_name(kProgramme);
    const absl::Status there = Ask<Programme>("ProgrammeService/GetProgramme", get).status();
    if (absl::IsNotFound(there)) {
      RETURN_IF_ERROR(SetUp(prefecture));
      RETURN_IF_ERROR(Hold());
    } else {
      RETURN_IF_ERROR(there);
    }
    return Read();
  }

 private:
  struct Body {
    std::string name, display_name;
  };

  template <typename Response>
  absl::StatusOr<Response> Ask(absl::string_view method, const Message& request) {
    return client_.peer->Unary<Response>(absl::StrCat("tsunagu.subsidy.v1.", method), request, caller_);
  }
  // `text` is the request.
  template <typename Response, typename Request>
  absl::StatusOr<Response> Ask(absl::string_view method, const std::string& text) {
    Request request;
    if (!google::protobuf::TextFormat::ParseFromString(text, &request)) return absl::InternalError(text);
    return Ask<Response>(method, request);
  }

  absl::StatusOr<std::vector<Body>> BodiesOf(const std::string& prefecture) {
    registry::v1::ListAreasRequest list;
    list.set_filter(absl::StrCat("parent = \"", prefecture, "\""));
    list.set_page_size(3);
    ASSIGN_OR_RETURN(const auto areas, client_.peer->Unary<registry::v1::ListAreasResponse>(
                                           "tsunagu.registry.v1.AreaService/ListAreas", list, client_.once));
    std::vector<Body> bodies;
    for (const registry::v1::Area& area : areas.areas()) bodies.push_back({area.name(), area.display_name()});
    return bodies;
  }

  // From now on calls use a new key with that role.
  absl::Status CallAs(const std::string& role, const std::string& scope) {
    platform::v1::SetPrincipalRequest set;
    set.set_parent("services/subsidy");
    set.set_principal_id(absl::StrCat("sample-", role));
    auto& grant = *set.mutable_principal()->add_grants();
    grant.set_role(role);
    grant.set_scope(scope);
    RETURN_IF_ERROR(
        client_.peer
            ->Unary<platform::v1::Principal>("tsunagu.platform.v1.AccessService/SetPrincipal", set, client_.once)
            .status());
    platform::v1::CreateApiKeyRequest create;
    create.set_parent("services/subsidy");
    create.mutable_api_key()->set_principal(set.principal_id());
    ASSIGN_OR_RETURN(const auto key, client_.peer->Unary<platform::v1::CreateApiKeyResponse>(
                                         "tsunagu.platform.v1.AccessService/CreateApiKey", create, client_.once));
    keys_[role] = key.secret();
    return absl::OkStatus();
  }
  void As(const std::string& role) { caller_.api_key = keys_[role]; }

  absl::Status SetUp(const std::string& prefecture) {
    for (const char* role : {"budget-officer", "municipality-officer", "prefecture-officer", "treasurer"}) {
      RETURN_IF_ERROR(CallAs(role, prefecture));
    }
    As("budget-officer");
    ASSIGN_OR_RETURN(const auto shipped, Ask<ListRuleSetTemplatesResponse>("RuleSetService/ListRuleSetTemplates",
                                                                           ListRuleSetTemplatesRequest()));
    CreateRuleSetRequest create;
    create.set_rule_set_id("sample-2025");
    RuleSet& rule_set = *create.mutable_rule_set() = shipped.rule_sets(0);
    rule_set.clear_name();
    rule_set.set_display_name("見本県補助金交付要綱（架空）");
    for (RuleSet::Item& item : *rule_set.mutable_items()) item.mutable_constants(0)->set_value("1200000");
    RETURN_IF_ERROR(Ask<RuleSet>("RuleSetService/CreateRuleSet", create).status());
    const absl::Status made[] = {
        Ask<BudgetLine, CreateBudgetLineRequest>(
            "BudgetLineService/CreateBudgetLine",
            absl::StrCat("budget_line_id: 'sample-2025' budget_line { display_name: '見本 障害者福祉費（架空）' "
                         "fiscal_year: 2025 "
                         "code: '2025-03-01-03-19' body: '",
                         prefecture, "' }"))
            .status(),
        Ask<BudgetChange, CreateBudgetChangeRequest>(
            "BudgetChangeService/CreateBudgetChange",
            absl::StrCat("parent: '", kLine,
                         "' budget_change { kind: KIND_INITIAL yen: 1000000 document_number: '当初予算' "
                         "change_date { year: 2025 month: 4 day: 1 } }"))
            .status(),
        Ask<Programme, CreateProgrammeRequest>("ProgrammeService/CreateProgramme",
                                               absl::StrCat("programme_id: 'sample-2025' programme { display_name: "
                                                            "'医療的ケア児等総合支援事業（見本）' fiscal_year: "
                                                            "2025 grantor: '",
                                                            prefecture, "' rule_set: 'ruleSets/sample-2025' }"))
            .status()};
    for (const absl::Status& one : made) RETURN_IF_ERROR(one);
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> Apply(const Body& body, int yen, int income) {
    As("municipality-officer");
    ASSIGN_OR_RETURN(const auto draft,
                     (Ask<Application, CreateApplicationRequest>(
                         "ApplicationService/CreateApplication",
                         absl::StrCat("application { programme: '", kProgramme, "' applicant: '", body.name,
                                      "' purpose: '日中の居場所作り（架空）' ", Claim(yen, income), " }"))));
    RETURN_IF_ERROR(File(draft.name(), "KIND_APPLICATION", 5, 1, ""));
    RETURN_IF_ERROR(Decide(draft.name(), "KIND_EXAMINATION", 5, 20, ""));
    return draft.name();
  }
  absl::Status File(const std::string& application, const char* kind, int month, int day, const std::string& more) {
    As("municipality-officer");
    return Ask<Filing, CreateFilingRequest>(
               "FilingService/CreateFiling",
               absl::StrCat("parent: '", application, "' filing { kind: ", kind,
                            " filing_date { year: 2025 month: ", month, " day: ", day, " } ", more, " }"))
        .status();
  }
  absl::Status Decide(const std::string& application, const char* kind, int month, int day, const std::string& more) {
    As("prefecture-officer");
    return Ask<Decision, CreateDecisionRequest>(
               "DecisionService/CreateDecision",
               absl::StrCat("parent: '", application, "' decision { kind: ", kind,
                            " decision_date { year: 2025 month: ", month, " day: ", day, " } ", more, " }"))
        .status();
  }
  absl::Status Grant(const std::string& application, int number) {
    return Decide(application, "KIND_GRANT", 6, 2,
                  absl::StrCat("document_number: '見本第", number, "号' budget_line: '", kLine, "'"));
  }
  absl::Status Pay(const std::string& application, const char* kind, int month, int yen, const char* voucher) {
    As("treasurer");
    return Ask<Payment, CreatePaymentRequest>(
               "PaymentService/CreatePayment",
               absl::StrCat("parent: '", application, "' payment { kind: ", kind, " yen: ", yen, " document_number: '",
                            voucher, "' payment_date { year: 2025 month: ", month, " day: 10 } }"))
        .status();
  }

  absl::Status Hold() {
    if (bodies_.size() < 3) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::string first, Apply(bodies_[0], 987'654, 100'005));
    RETURN_IF_ERROR(Grant(first, 1));
    RETURN_IF_ERROR(Pay(first, "KIND_ADVANCE", 7, 300'000, "支-101"));
    RETURN_IF_ERROR(File(first, "KIND_COMPLETION_REPORT", 10, 15,
                         absl::StrCat("completion_date { year: 2025 month: 9 day: 30 } ", Claim(952'300, 100'005))));
    RETURN_IF_ERROR(Decide(first, "KIND_FIXING", 10, 25, "document_number: '見本第4号'"));
    RETURN_IF_ERROR(Pay(first, "KIND_SETTLEMENT", 11, 126'000, "支-102"));
    ASSIGN_OR_RETURN(const std::string second, Apply(bodies_[1], 800'000, 0));
    RETURN_IF_ERROR(Grant(second, 2));
    RETURN_IF_ERROR(Pay(second, "KIND_ADVANCE", 7, 200'000, "支-103"));
    return Apply(bodies_[2], 600'000, 0).status();
  }

  // The third application is requested repeatedly: too little budget is left for it.
  absl::StatusOr<ProgrammeReport> Read() {
    caller_ = client_.once;
    ProgrammeReport report;
    GetBudgetLineRequest get;
    get.set_name(kLine);
    ASSIGN_OR_RETURN(report.line, Ask<BudgetLine>("BudgetLineService/GetBudgetLine", get));
    ListApplicationsRequest list;
    list.set_filter(absl::StrCat("programme = \"", kProgramme, "\""));
    ASSIGN_OR_RETURN(const auto all, Ask<ListApplicationsResponse>("ApplicationService/ListApplications", list));
    for (const Application& application : all.applications()) {
      ProgrammeReport::Line& line = report.lines.emplace_back();
      line.application = application;
      for (const Body& body : bodies_) {
        if (body.name == application.applicant()) line.body = body.display_name;
      }
      if (report.amount.empty() && !application.decision().empty()) report.amount = application.name();
      if (application.state() != Application::STATE_EXAMINED) continue;
      CreateDecisionRequest create;
      create.set_parent(application.name());
      create.set_validate_only(true);
      Decision& decision = *create.mutable_decision();
      decision.set_kind(Decision::KIND_GRANT);
      *decision.mutable_decision_date() = application.last_date();
      decision.set_document_number("見本第3号");
      decision.set_budget_line(kLine);
      const absl::Status refused = Ask<Decision>("DecisionService/CreateDecision", create).status();
      if (!refused.ok()) report.refused = Text(FaultOf(refused), client_.once.language);
    }
    return report;
  }

  const Client& client_;
  rpc::CallOptions caller_ = client_.once;
  std::map<std::string, std::string> keys_;  // by role
  std::vector<Body> bodies_;
};

}  // namespace

absl::StatusOr<ProgrammeReport> RunProgramme(const Client& client, const std::string& prefecture) {
  return SampleProgramme(client).Run(prefecture);
}

std::string ProgrammeText(const ProgrammeReport& report, Language language) {
  const BudgetLine& line = report.line;
  std::string text = absl::StrCat("■ ", In(language, "補助金", "Subsidies"), ": ", line.display_name(), "\n");
  suite::TextTable budget({{std::string(In(language, "予算現額", "granted")), true},
                           {std::string(In(language, "支出済額", "paid")), true},
                           {std::string(In(language, "未払いの決定額", "committed")), true},
                           {std::string(In(language, "残額", "left")), true}});
  budget.Add({suite::WithCommas(line.granted_yen()), suite::WithCommas(line.paid_yen()),
              suite::WithCommas(line.committed_yen()), suite::WithCommas(line.available_yen())});
  absl::StrAppend(&text, budget.Draw("  "), "\n");
  suite::TextTable table({{std::string(In(language, "申請者", "applicant"))},
                          {std::string(In(language, "状態", "state"))},
                          {std::string(In(language, "申請額", "applied for")), true},
                          {std::string(In(language, "決定額", "granted")), true},
                          {std::string(In(language, "支払額", "paid")), true}});
  for (const auto& [body, application] : report.lines) {
    const auto& state = *Application::State_descriptor()->FindValueByNumber(application.state());
    table.Add({body,
               language == Language::kJapanese ? state.options().GetExtension(tsunagu::ja) : state.name().substr(6),
               suite::WithCommas(application.requested_yen()), suite::WithCommas(application.granted_yen()),
               suite::WithCommas(application.paid_yen())});
  }
  absl::StrAppend(&text, table.Draw("  "));
  if (!report.refused.empty()) absl::StrAppend(&text, "  ", report.refused, "\n");
  return text;
}

}  // namespace tsunagu::demo
