// kill -9 while contracts of visits are proposed, accepted and created: no half-day is promised twice, no acknowledged
// change is lost, and a round proposes each contract once.
#include <signal.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/contract/own_id.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/ground.h"
#include "tests/faults/visit_ground.h"

namespace tsunagu::faults {
namespace {

namespace v1 = matching::v1;
using process::ServerProcess;
using v1::VisitContract;

constexpr int kSupplies = 8, kPosts = 2;

class VisitKillTest : public testing::TestWithParam<Engine> {
 protected:
  // A published round that proposes two of eight supplies for the two posts of a Monday.
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{GetParam(), {"registry", "matching"}});
    ServerProcess server(ground_->data_dir(), ground_->Server());
    MakeVisitGround(server, kPosts, kSupplies, "HALF_DAY_MON_AM");
    PublishVisitRound(server, "r");
    Stop(server);
  }

  // Creates the supply's own contract, without a round.
  static absl::StatusOr<VisitContract> Make(ServerProcess& server, int supply) {
    return Ask<VisitContract, v1::CreateVisitContractRequest>(
        server, "matching.v1.VisitContractService/CreateVisitContract",
        absl::StrCat("request_id: 'make-", supply, "' visit_contract_id: 'made-", supply,
                     "' visit_contract { opening: 'openings/a' supplier_code: '31-", supply,
                     "' supply: 'visitSupplies/s", supply,
                     "' school_half_days: HALF_DAY_MON_AM valid_from_date { year: 2050 month: 4 day: 1 } }"));
  }
  static absl::StatusOr<VisitContract> Accept(ServerProcess& server, const std::string& name) {
    return Ask<VisitContract, v1::AcceptVisitContractRequest>(
        server, "matching.v1.VisitContractService/AcceptVisitContract",
        absl::StrCat("name: '", name, "' request_id: 'accept-", contract::OwnId(name), "'"));
  }
  // Includes contracts of all origins.
  static std::vector<VisitContract> Contracts(ServerProcess& server) {
    const auto listed = Made<v1::ListVisitContractsResponse, v1::ListVisitContractsRequest>(
        server, "matching.v1.VisitContractService/ListVisitContracts", "");
    return {listed.visit_contracts().begin(), listed.visit_contracts().end()};
  }
  static std::vector<std::string> Held(ServerProcess& server) {
    std::vector<std::string> held;
    for (const VisitContract& contract : Contracts(server)) {
      if (contract.state() != VisitContract::STATE_PROPOSED) held.push_back(contract.name());
    }
    return held;
  }

  std::unique_ptr<ServerProcess> Killed(const std::string& moment) {
    ServerProcess::Options options = ground_->Server(moment);
    options.may_not_listen = true;
    return std::make_unique<ServerProcess>(ground_->data_dir(), options);
  }

  std::unique_ptr<Ground> ground_;
};

INSTANTIATE_TEST_SUITE_P(All, VisitKillTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

TEST_P(VisitKillTest, ARoundProposesEachContractOnce) {
  std::map<std::string, std::string> before;
  for (const char* moment : {"store.before_journal=kill:1", "store.before_journal=kill:2"}) {
    SCOPED_TRACE(moment);
    const auto server = Killed(moment);
    ASSERT_TRUE(server->listens());
    before.merge(OpenContracts(*server, "rounds/r"));
    EXPECT_EQ(server->process().Wait(), -SIGKILL) << server->process().Errors();
  }
  ServerProcess server(ground_->data_dir(), ground_->Server());
  const auto opened = OpenContracts(server, "rounds/r");
  EXPECT_EQ(opened.size(), static_cast<size_t>(kPosts));
  EXPECT_THAT(opened, testing::IsSupersetOf(before));
  EXPECT_EQ(Contracts(server).size(), static_cast<size_t>(kPosts));
  Stop(server);
}

// Two proposed contracts are accepted while eight others are made for the same two posts.
TEST_P(VisitKillTest, NoHalfDayIsPromisedTwiceHoweverItEnds) {
  std::vector<std::string> proposed;
  {
    ServerProcess server(ground_->data_dir(), ground_->Server());
    for (const auto& [contract, supply] : OpenContracts(server, "rounds/r")) proposed.push_back(contract);
    ASSERT_EQ(proposed.size(), static_cast<size_t>(kPosts));
    Stop(server);
  }
  std::vector<std::string> answered(kPosts + kSupplies);
  const auto write = [&](ServerProcess& server, int i) {
    return i < kPosts ? Accept(server, proposed[i]) : Make(server, i - kPosts);
  };
  {
    const auto server = Killed("store.before_request_kept=kill:2");
    ASSERT_TRUE(server->listens());
    std::vector<std::jthread> writers;
    for (int i = 0; i < kPosts + kSupplies; ++i) {
      writers.emplace_back([&, i] {
        if (const auto done = write(*server, i); done.ok()) answered[i] = done->name();
      });
    }
    writers.clear();
    EXPECT_EQ(server->process().Wait(), -SIGKILL) << server->process().Errors();
  }
  ServerProcess server(ground_->data_dir(), ground_->Server());
  const std::vector<std::string> held = Held(server);
  EXPECT_LE(held.size(), static_cast<size_t>(kPosts));
  for (const std::string& name : answered) {
    if (!name.empty()) {
      EXPECT_THAT(held, testing::Contains(name)) << "what was answered is lost";
    }
  }
  for (int i = 0; i < kPosts + kSupplies; ++i) write(server, i).IgnoreError();
  EXPECT_EQ(Held(server).size(), static_cast<size_t>(kPosts)) << "what the kill left free is given, and no more";
  Stop(server);
}

}  // namespace
}  // namespace tsunagu::faults
