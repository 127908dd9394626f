// kill -9 while officers file, decide, forward, contract, pay and claim hours: the books stay consistent, no
// acknowledged change is lost, and nothing is done twice when it is sent again. TSUNAGU_KILLS sets the number of kills.
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/chance.h"
#include "tests/faults/ground.h"
#include "tests/faults/subsidy_books.h"
#include "tests/faults/subsidy_desk.h"
#include "tests/faults/subsidy_officers.h"
#include "tsunagu/platform/v1/access.pb.h"

namespace tsunagu::faults {
namespace {

using google::protobuf::Message;
using process::ServerProcess;

constexpr size_t kSentAgain = 200;  // number of acknowledged requests

constexpr void (*kOfficers[])(Desk&) = {WorkOnApplication, WorkOnApplication, WorkOnApplication,
                                        WorkOnContract,    WorkOnContract,    WorkOnForwarding,
                                        WorkOnBatch,       WorkOnHours,       WorkOnBudget};

class SubsidyKillTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{GetParam(), {"subsidy"}});
    ServerProcess server(ground_->data_dir(), ground_->Server());
    keys_["admin"] = server.call_options().api_key;
    for (const auto& [id, roles] : OfficerRoles()) MakeKey(server, id, roles);
    Desk desk(server, keys_, basket_, Seed());
    PrepareOffice(desk);
    basket_.Take();
  }

  void MakeKey(ServerProcess& server, const std::string& id, const std::vector<std::string>& roles) {
    platform::v1::SetPrincipalRequest set;
    set.set_parent("services/subsidy");
    set.set_principal_id(id);
    for (const std::string& role : roles) {
      auto& grant = *set.mutable_principal()->add_grants();
      grant.set_role(role);
      grant.set_scope("areas/310000");
      if (role != "municipality-officer") continue;
      auto& city = *set.mutable_principal()->add_grants();
      city.set_role(role);
      city.set_scope("areas/312011");
    }
    ASSERT_TRUE(server.Call<platform::v1::Principal>("platform.v1.AccessService/SetPrincipal", set).ok());
    platform::v1::CreateApiKeyRequest create;
    create.set_parent("services/subsidy");
    create.mutable_api_key()->set_principal(id);
    const auto key = server.Call<platform::v1::CreateApiKeyResponse>("platform.v1.AccessService/CreateApiKey", create);
    ASSERT_TRUE(key.ok()) << key.status();
    keys_[id] = key->secret();
  }

  // A server that is killed at work: at one of these failpoints, or at a random time.
  void Round(const std::string& failpoints, std::mt19937_64& random) {
    ServerProcess::Options options = ground_->Server(failpoints);
    options.may_not_listen = true;
    ServerProcess server(ground_->data_dir(), options);
    if (!server.listens()) return;
    stopped_ = false;
    std::vector<std::jthread> officers;
    for (void (*work)(Desk&) : kOfficers) {
      officers.emplace_back([this, &server, work, seed = random()] {
        Desk desk(server, keys_, basket_, seed);
        while (!stopped_ && !desk.is_gone()) work(desk);
      });
    }
    (void)server.process().Wait(absl::Milliseconds(30 + static_cast<int>(random() % 250)));
    server.process().Signal(SIGKILL);
    stopped_ = true;
    officers.clear();
    (void)server.process().Wait();
  }

  // Returns the answer to a request that was sent before: the name of the created record, or the error.
  std::string SendAgain(ServerProcess& server, const Sent& sent) {
    const std::unique_ptr<Message> made(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(sent.kind)->New());
    rpc::CallOptions options = server.call_options();
    options.api_key = keys_[sent.role];
    const absl::Status status = server.peer().UnaryUntyped(sent.method, *sent.request, *made, options);
    return status.ok() ? made->GetReflection()->GetString(*made, sent.kind->FindFieldByName("name"))
                       : status.ToString();
  }

  std::unique_ptr<Ground> ground_;
  std::map<std::string, std::string> keys_;  // by officer
  std::atomic<bool> stopped_{false};
  Outbasket basket_;
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
  const auto ask = [&](const std::string& method, const Message& request, Message& response) {
    return server.peer().UnaryUntyped(absl::StrCat("tsunagu.subsidy.v1.", method), request, response,
                                      server.call_options());
  };
  EXPECT_THAT(FaultsOfSubsidyBooks(ask), testing::IsEmpty());
  std::vector<Sent> all = basket_.Take();
  EXPECT_GT(all.size(), 20u + std::size(kOfficers) * Kills()) << "too little came through to mean anything";
  // Work continues, whatever state was left.
  Desk calm(server, keys_, basket_, Seed());
  for (int i = 0; i < 6; ++i) {
    for (void (*work)(Desk&) : kOfficers) work(calm);
  }
  for (Sent& sent : basket_.Take()) all.push_back(std::move(sent));
  std::map<std::string, int> acknowledged;  // by kind
  size_t total = 0, unknown = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const Sent& sent = all[i];
    if (sent.name.empty()) {
      ++unknown;
      const std::string first = SendAgain(server, sent);
      EXPECT_EQ(SendAgain(server, sent), first) << sent.method;
      continue;
    }
    ++total;
    ++acknowledged[sent.kind->name()];
    const absl::Status found = GetRecord(ask, *sent.kind, sent.name);
    EXPECT_TRUE(found.ok()) << sent.name << " was acknowledged: " << found;
    if (all.size() - i <= kSentAgain) {
      EXPECT_EQ(SendAgain(server, sent), sent.name) << sent.method;
    }
  }
  EXPECT_THAT(FaultsOfSubsidyBooks(ask), testing::IsEmpty()) << "after all was sent again";
  for (const char* kind : {"Application", "Filing", "Decision", "Payment", "Override", "BudgetChange", "Commitment",
                           "CommitmentAct", "PaymentBatch", "Forwarding", "ServiceRecord", "UsageClaim"}) {
    EXPECT_GT(acknowledged[kind], 0) << "no " << kind;
  }
  std::printf("%s: %d kills, seed %llu, %zu acknowledged, %zu without an answer\n",
              testing::PrintToString(GetParam()).c_str(), Kills(), static_cast<unsigned long long>(Seed()), total,
              unknown);
}

INSTANTIATE_TEST_SUITE_P(, SubsidyKillTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace tsunagu::faults
