#include "tests/bench/subsidy.h"

#include <atomic>
#include <cstdio>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "google/protobuf/text_format.h"
#include "services/subsidy/rules/rule_set.h"
#include "services/subsidy/templates.h"
#include "tsunagu/platform/v1/access.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::bench {
namespace {

using namespace subsidy::v1;  // NOLINT: requests by the dozen

const int kOfficers = Sized(32, 2);
const int kApplications = Sized(1000, 4);  // of a round
const int kClaims = Sized(100'000, 100);
constexpr char kDay[] = "{ year: 2020 month: 6 day: 1 }";

// The rule set that comes with the program, with standard amounts.
RuleSet Rule() {
  RuleSet rule_set = subsidy::Templates()[0];
  rule_set.clear_name();
  for (RuleSet::Item& item : *rule_set.mutable_items()) item.mutable_constants(0)->set_value("1000000");
  return rule_set;
}

}  // namespace

Subsidy::Subsidy() : data_dir_(folder_ / "data") {
  process::ServerProcess::Options options;
  options.command = {"tsunagu-subsidy"};
  Serve(options);
}

Subsidy::Subsidy(process::Mariadb& mariadb, const std::string& schema)
    : schema_(std::make_unique<process::MariadbRegistry>(mariadb, schema, "subsidy")), data_dir_(schema_->data_dir()) {
  process::ServerProcess::Options options = schema_->Options();
  options.command = {"tsunagu-subsidy"};
  Serve(options);
}

template <typename Answer, typename Request>
Answer Subsidy::Ask(const std::string& key, const std::string& method, const std::string& text) {
  Request request;
  Require(google::protobuf::TextFormat::ParseFromString(text, &request), text);
  rpc::CallOptions options = server_->call_options();
  options.timeout = absl::Minutes(1);
  if (!key.empty()) options.api_key = key;
  auto answer = server_->peer().Unary<Answer>(absl::StrCat("tsunagu.", method), request, options);
  if (!answer.ok()) GiveUp(absl::StrCat(method, ": ", answer.status().ToString()));
  return *std::move(answer);
}

void Subsidy::MakeKey(const std::string& role, int officer) {
  namespace access = platform::v1;
  const std::string principal = absl::StrCat(role, "-", officer);
  Ask<access::Principal, access::SetPrincipalRequest>(
      "", "platform.v1.AccessService/SetPrincipal",
      absl::StrCat("parent: 'services/subsidy' principal_id: '", principal, "' principal { grants { role: '", role,
                   "' scope: 'areas/310000' } }"));
  keys_[role].push_back(Ask<access::CreateApiKeyResponse, access::CreateApiKeyRequest>(
                            "", "platform.v1.AccessService/CreateApiKey",
                            absl::StrCat("parent: 'services/subsidy' api_key { principal: '", principal, "' }"))
                            .secret());
}

void Subsidy::Serve(const process::ServerProcess::Options& options) {
  server_ = std::make_unique<process::ServerProcess>(data_dir_, options);
  Require(!server_->address().empty(), "the subsidy service does not start");
  for (int officer = 0; officer < kOfficers; ++officer) {
    MakeKey("municipality-officer", officer);
    MakeKey("prefecture-officer", officer);
  }
  CreateRuleSetRequest create;
  *create.mutable_rule_set() = Rule();
  create.set_rule_set_id("r");
  std::string text;
  google::protobuf::TextFormat::PrintToString(create, &text);
  Ask<RuleSet, CreateRuleSetRequest>("", "subsidy.v1.RuleSetService/CreateRuleSet", text);
  Ask<Programme, CreateProgrammeRequest>("", "subsidy.v1.ProgrammeService/CreateProgramme",
                                         "programme_id: 'p' programme { display_name: '見本' fiscal_year: 2020 "
                                         "grantor: 'areas/310000' rule_set: 'ruleSets/r' }");
  Ask<BudgetLine, CreateBudgetLineRequest>(
      "", "subsidy.v1.BudgetLineService/CreateBudgetLine",
      "budget_line_id: 'l' budget_line { display_name: '見本費' fiscal_year: 2020 code: '1' body: 'areas/310000' }");
  Ask<BudgetChange, CreateBudgetChangeRequest>(
      "", "subsidy.v1.BudgetChangeService/CreateBudgetChange",
      absl::StrCat("parent: 'budgetLines/l' budget_change { kind: KIND_INITIAL yen: 900000000000 document_number: '1' "
                   "change_date ",
                   kDay, " }"));
}

double Subsidy::AtOnce(const std::function<void(int, int)>& each) {
  std::atomic<int> next{0};
  const Stopwatch watch;
  {
    std::vector<std::jthread> officers;
    for (int i = 0; i < kOfficers; ++i) {
      officers.emplace_back([&, i] {
        for (int n = next++; n < kApplications; n = next++) each(i, n);
      });
    }
  }
  return kApplications / absl::ToDoubleSeconds(watch.Elapsed());
}

Subsidy::Rates Subsidy::CreateAndDecide() {
  Rates rates;
  std::vector<std::string> names(kApplications);
  const auto& cities = keys_.at("municipality-officer");
  const auto& deciders = keys_.at("prefecture-officer");
  rates.created = AtOnce([&](int officer, int n) {
    names[n] = Ask<Application, CreateApplicationRequest>(
                   cities[officer], "subsidy.v1.ApplicationService/CreateApplication",
                   "application { programme: 'programmes/p' applicant: 'areas/312011' claim { items { code: 'council' "
                   "entries { input: 'spent' value: 700000 } } } }")
                   .name();
  });
  AtOnce([&](int officer, int n) {
    Ask<Filing, CreateFilingRequest>(
        cities[officer], "subsidy.v1.FilingService/CreateFiling",
        absl::StrCat("parent: '", names[n], "' filing { kind: KIND_APPLICATION filing_date ", kDay, " }"));
  });
  const auto decide = [&](int officer, int n, const char* text) {
    Ask<Decision, CreateDecisionRequest>(
        deciders[officer], "subsidy.v1.DecisionService/CreateDecision",
        absl::StrCat("parent: '", names[n], "' decision { ", text, " decision_date ", kDay, " }"));
  };
  AtOnce([&](int officer, int n) { decide(officer, n, "kind: KIND_EXAMINATION"); });
  rates.decided = AtOnce([&](int officer, int n) {
    decide(officer, n, "kind: KIND_GRANT document_number: '1' budget_line: 'budgetLines/l'");
  });
  return rates;
}

std::vector<Line> CompareSubsidy(const std::string& engine, Subsidy& subsidy) {
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    const Subsidy::Rates rates = subsidy.CreateAndDecide();
    ratios.push_back(rates.decided / rates.created);
    std::fprintf(stderr, "subsidies, %s: %.0f drafts, %.0f decisions a second\n", engine.c_str(), rates.created,
                 rates.decided);
  }
  return {{"decisions on one budget line by 32 officers ÷ plain durable creates by 32", engine, SpreadOf(ratios), "×",
           "-"}};
}

Line EvaluateClaims() {
  const RuleSet rule_set = Rule();
  const auto compiled = subsidy::rules::CompiledRuleSet::Compile(rule_set);
  Require(compiled.ok(), "the rule set that comes with the program is none");
  Claim claim;
  for (const RuleSet::Item& item : rule_set.items()) {
    Claim::Item& asked = *claim.add_items();
    asked.set_code(item.code());
    for (const auto& [input, value] : {std::pair("spent", 987'654), std::pair("income", 100'005)}) {
      Claim::Entry& entry = *asked.add_entries();
      entry.set_input(input);
      entry.set_value(value);
    }
  }
  std::vector<double> micros;
  for (int round = 0; round < kRounds; ++round) {
    const Stopwatch watch;
    for (int n = 0; n < kClaims / kRounds; ++n) {
      claim.mutable_items(0)->mutable_entries(0)->set_value(200'000 + n);
      const auto evaluation = compiled->Evaluate(claim);
      Require(evaluation.ok() && evaluation->trace.amount() > 0, "a claim has no amount");
    }
    micros.push_back(absl::ToDoubleMicroseconds(watch.Elapsed()) / (kClaims / kRounds));
  }
  return {"a claim of 8 items worked out with its trace of 40 steps, of 100,000", "-", SpreadOf(micros), "µs", "-"};
}

}  // namespace tsunagu::bench
