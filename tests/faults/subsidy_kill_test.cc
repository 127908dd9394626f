// kill -9 while officers file, decide and pay: the books stay sound, and nothing that was acknowledged is lost.
// TSUNAGU_KILLS says how often.
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/faults/chance.h"
#include "tests/faults/ground.h"
#include "tests/faults/subsidy_books.h"
#include "tsunagu/platform/v1/access.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::faults {
namespace {

using namespace subsidy::v1;  // NOLINT: requests by the dozen
using process::ServerProcess;

constexpr int kOfficers = 4;

class SubsidyKillTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{GetParam(), {"subsidy"}});
    ServerProcess server(ground_->data_dir(), ground_->Server());
    for (const char* role : {"municipality-officer", "prefecture-officer", "treasurer", "budget-officer"}) {
      MakeKey(server, role);
    }
    const rpc::CallOptions admin = server.call_options();
    // Of year 2020, so that every day here is past.
    Must<RuleSet, CreateRuleSetRequest>(
        server, admin, "RuleSetService/CreateRuleSet",
        "rule_set_id: 'r' rule_set { display_name: '見本' result: 'grant' items { code: 'a' ja: '見本' en: 'sample' inputs { "
        "name: 'spent' ja: '経費' en: 'cost' unit: UNIT_YEN } steps { name: 'grant' ja: '額' en: 'grant' formula: 'spent' } } }");
    Must<Programme, CreateProgrammeRequest>(
        server, admin, "ProgrammeService/CreateProgramme",
        "programme_id: 'p' programme { display_name: '見本' fiscal_year: 2020 grantor: 'areas/310000' rule_set: 'ruleSets/r' }");
    Must<BudgetLine, CreateBudgetLineRequest>(
        server, admin, "BudgetLineService/CreateBudgetLine",
        "budget_line_id: 'l' budget_line { display_name: '見本費' fiscal_year: 2020 code: '1' body: 'areas/310000' }");
    Must<BudgetLine, CreateBudgetLineRequest>(
        server, admin, "BudgetLineService/CreateBudgetLine",
        "budget_line_id: 'm' budget_line { display_name: '他の費' fiscal_year: 2020 code: '2' body: 'areas/310000' }");
    Must<BudgetChange, CreateBudgetChangeRequest>(
        server, admin, "BudgetChangeService/CreateBudgetChange",
        absl::StrCat("parent: 'budgetLines/l' budget_change { kind: KIND_INITIAL yen: 1000000 document_number: '1' change_date",
                     Day(), "}"));
  }
  static std::string Day() { return " { year: 2020 month: 6 day: 1 } "; }

  void MakeKey(ServerProcess& server, const std::string& role) {
    platform::v1::SetPrincipalRequest set;
    set.set_parent("services/subsidy");
    set.set_principal_id(role);
    set.mutable_principal()->add_grants()->set_role(role);
    set.mutable_principal()->mutable_grants(0)->set_scope("areas/310000");
    ASSERT_TRUE(server.Call<platform::v1::Principal>("platform.v1.AccessService/SetPrincipal", set).ok());
    platform::v1::CreateApiKeyRequest create;
    create.set_parent("services/subsidy");
    create.mutable_api_key()->set_principal(role);
    const auto key = server.Call<platform::v1::CreateApiKeyResponse>("platform.v1.AccessService/CreateApiKey", create);
    ASSERT_TRUE(key.ok()) << key.status();
    keys_[role] = key->secret();
  }
  rpc::CallOptions As(ServerProcess& server, const std::string& role) {
    rpc::CallOptions options = server.call_options();
    options.api_key = keys_[role];
    return options;
  }
  template <typename M, typename Request>
  absl::StatusOr<M> Ask(ServerProcess& server, const rpc::CallOptions& as, const std::string& method,
                        const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    return server.peer().Unary<M>(absl::StrCat("tsunagu.subsidy.v1.", method), request, as);
  }
  template <typename M, typename Request>
  void Must(ServerProcess& server, const rpc::CallOptions& as, const std::string& method, const std::string& text) {
    const auto made = Ask<M, Request>(server, as, method, text);
    ASSERT_TRUE(made.ok()) << method << " " << made.status();
  }

  // True where it was made; it is noted, for it has to be there ever after.
  template <typename M>
  bool Note(const absl::StatusOr<M>& made) {
    if (made.ok()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      acknowledged_.push_back(made->name());
    }
    return made.ok();
  }

  // Money goes to the other line and back, each time in one transaction over both.
  void MoveBudget(ServerProcess& server, uint64_t seed) {
    std::mt19937_64 random(seed);
    const rpc::CallOptions budget = As(server, "budget-officer");
    while (!stopped_) {
      const bool there = random() % 2 == 0;
      const auto change = Ask<BudgetChange, CreateBudgetChangeRequest>(
          server, budget, "BudgetChangeService/CreateBudgetChange",
          absl::StrCat("parent: 'budgetLines/", there ? "l" : "m", "' budget_change { kind: KIND_TRANSFER yen: ",
                       1 + random() % 1000, " to_line: 'budgetLines/", there ? "m" : "l",
                       "' document_number: '1' change_date", Day(), "}"));
      // There may be nothing to move.
      const bool is_alive = Note(change) || absl::IsFailedPrecondition(change.status());
      if (!is_alive) return;
    }
  }

  // Documents of one application, until somebody is refused or nobody answers. What is acknowledged is noted.
  void Work(ServerProcess& server, uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto note = [&](const auto& made) { return Note(made); };
    const rpc::CallOptions city = As(server, "municipality-officer"), officer = As(server, "prefecture-officer"),
                           treasurer = As(server, "treasurer");
    while (!stopped_) {
      const int yen = 1000 * static_cast<int>(1 + random() % 50);
      const std::string claim =
          absl::StrCat("claim { items { code: 'a' entries { input: 'spent' value: ", yen, " } } }");
      const auto draft = Ask<Application, CreateApplicationRequest>(
          server, city, "ApplicationService/CreateApplication",
          absl::StrCat("application { programme: 'programmes/p' applicant: 'areas/312011' ", claim, " }"));
      if (!note(draft)) return;
      const auto file = [&](const std::string& text) {
        return note(Ask<Filing, CreateFilingRequest>(
            server, city, "FilingService/CreateFiling",
            absl::StrCat("parent: '", draft->name(), "' filing { filing_date", Day(), text, " }")));
      };
      const auto decide = [&](const std::string& text) {
        return note(Ask<Decision, CreateDecisionRequest>(
            server, officer, "DecisionService/CreateDecision",
            absl::StrCat("parent: '", draft->name(), "' decision { document_number: '1' decision_date", Day(), text, " }")));
      };
      const auto pay = [&](const std::string& text) {
        return note(Ask<Payment, CreatePaymentRequest>(
            server, treasurer, "PaymentService/CreatePayment",
            absl::StrCat("parent: '", draft->name(), "' payment { payment_date", Day(), text, " }")));
      };
      // Whatever is refused, such as a decision for which there is too little budget, the next one has another turn.
      (void)(file("kind: KIND_APPLICATION") && decide("kind: KIND_EXAMINATION") &&
             decide("kind: KIND_GRANT budget_line: 'budgetLines/l'") &&
             pay(absl::StrCat("kind: KIND_ADVANCE document_number: 'v1' yen: ", yen / 2)) &&
             (random() % 2 == 0
                  ? file("kind: KIND_COMPLETION_REPORT completion_date { year: 2020 month: 5 day: 1 } " + claim) &&
                        decide("kind: KIND_FIXING")
                  : decide("kind: KIND_CANCELLATION reason: '見本'")) &&
             pay(absl::StrCat("kind: KIND_RETURN document_number: 'v2' yen: ", yen / 2)));
    }
  }

  // A server that is killed under way; with one of these failpoints, or at a random time.
  void Round(const std::string& failpoints, std::mt19937_64& random) {
    ServerProcess::Options options = ground_->Server(failpoints);
    options.may_not_listen = true;
    ServerProcess server(ground_->data_dir(), options);
    if (!server.listens()) return;
    stopped_ = false;
    std::vector<std::jthread> officers;
    for (int i = 0; i < kOfficers; ++i) {
      officers.emplace_back([this, &server, seed = random()] { Work(server, seed); });
    }
    officers.emplace_back([this, &server, seed = random()] { MoveBudget(server, seed); });
    (void)server.process().Wait(absl::Milliseconds(30 + static_cast<int>(random() % 250)));
    server.process().Signal(SIGKILL);
    stopped_ = true;
    officers.clear();
    (void)server.process().Wait();
  }

  std::unique_ptr<Ground> ground_;
  std::map<std::string, std::string> keys_;  // by role
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::vector<std::string> acknowledged_;
};

TEST_P(SubsidyKillTest, TheBooksStaySound) {
  SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", Seed()));
  std::mt19937_64 random(Seed());
  const std::vector<std::string> places = {"charge.before_postings=kill:", "charge.before_balance=kill:",
                                           "store.before_commit=kill:", "store.after_commit=kill:"};
  for (int kill = 0; kill < Kills(); ++kill) {
    Round(kill % 2 == 0 ? "" : absl::StrCat(places[random() % places.size()], 1 + random() % 8), random);
  }
  ServerProcess server(ground_->data_dir(), ground_->Server());
  const auto ask = [&](const std::string& method, const google::protobuf::Message& request,
                       google::protobuf::Message& response) {
    return server.peer().UnaryUntyped(absl::StrCat("tsunagu.subsidy.v1.", method), request, response,
                                      server.call_options());
  };
  EXPECT_THAT(FaultsOfSubsidyBooks(ask), testing::IsEmpty());
  EXPECT_GT(acknowledged_.size(), 20u) << "too little came through to mean anything";
  int transfers = 0;
  for (const std::string& name : acknowledged_) {
    absl::Status found;
    const auto get = [&](auto request, auto record, const char* method) {
      request.set_name(name);
      found = ask(method, request, record);
    };
    if (name.find("/filings/") != std::string::npos) {
      get(GetFilingRequest(), Filing(), "FilingService/GetFiling");
    } else if (name.find("/decisions/") != std::string::npos) {
      get(GetDecisionRequest(), Decision(), "DecisionService/GetDecision");
    } else if (name.find("/payments/") != std::string::npos) {
      get(GetPaymentRequest(), Payment(), "PaymentService/GetPayment");
    } else if (name.find("/budgetChanges/") != std::string::npos) {
      get(GetBudgetChangeRequest(), BudgetChange(), "BudgetChangeService/GetBudgetChange");
      ++transfers;
    } else {
      get(GetApplicationRequest(), Application(), "ApplicationService/GetApplication");
    }
    EXPECT_TRUE(found.ok()) << name << " was acknowledged: " << found;
  }
  EXPECT_GT(transfers, 0);
  std::printf("%s: %d kills, seed %llu, %zu acknowledged\n", testing::PrintToString(GetParam()).c_str(), Kills(),
              static_cast<unsigned long long>(Seed()), acknowledged_.size());
}

INSTANTIATE_TEST_SUITE_P(, SubsidyKillTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace tsunagu::faults
