// The fence in the transaction that stores an operation's result: a process that no longer holds the lease stores
// nothing.
#include "common/contract/own_id.h"
#include "common/records/tx.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "common/work/operations.h"
#include "services/matching/module.h"
#include "services/registry/module.h"
#include "tests/wire/gate.h"
#include "tests/wire/rounds.h"

namespace tsunagu::wire {
namespace {

using google::longrunning::Operation;

// SolveRound is work that reports nothing, waits at a gate, and then changes the round.
class OperationFenceTest : public SuiteTest {
 protected:
  Server::Options ServerOptions() override {
    Server::Options options;
    options.kinds = {{"registry", [](Service& service, const PeerFinder&) { registry::Build(service); }},
                     {"matching", [this](Service& service, const PeerFinder& find_peer) {
                        matching::Build(service, find_peer);
                        AddWork(service);
                      }}};
    return options;
  }
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(Said(CreateRound(admin(), "one", 1)), "OK");
    const auto started = StartSolving(admin(), "one");
    ASSERT_EQ(Said(started), "OK");
    name_ = started->name();
    id_ = contract::OwnId(name_);
    ASSERT_TRUE(gate_.AwaitArrived(1));
  }
  void TearDown() override { gate_.Open(); }

  void AddWork(Service& service) {
    service.operations().Add(
        "tsunagu.matching.v1.RoundService/SolveRound", matching_v1::SolveRoundRequest::default_instance(),
        matching_v1::Round::default_instance(),
        [this, &service](rpc::Call& call, const google::protobuf::Message& request, const std::string& request_id,
                         Progress& progress, google::protobuf::Message& response) {
          auto own = static_cast<const matching_v1::SolveRoundRequest&>(request);
          own.set_request_id(request_id);
          gate_.Pass();
          return ChangeRecord(service, call, *service.Find("rounds"), own, response,
                              [&](store::Tx& tx, google::protobuf::Message& record) -> absl::Status {
                                if (const absl::Status held = progress.Fence(tx); !held.ok()) return held;
                                static_cast<matching_v1::Round&>(record).set_display_name("済");
                                return absl::OkStatus();
                              });
        });
  }

  std::string DisplayName() {
    matching_v1::GetRoundRequest request;
    request.set_name("rounds/one");
    return admin().Call<matching_v1::Round>("matching.v1.RoundService/GetRound", request)->display_name();
  }
  Operation Wait() {
    platform_v1::WaitOperationRequest wait;
    wait.set_name(name_);
    const auto done = admin().Call<Operation>("platform.v1.OperationService/WaitOperation", wait);
    EXPECT_EQ(Said(done), "OK");
    return done.value_or(Operation());
  }

  Gate gate_;
  std::string name_, id_;
};
WIRE_TEST_ON_BOTH(OperationFenceTest);

TEST_P(OperationFenceTest, AHolderKeepsItsResult) {
  gate_.Open();
  EXPECT_TRUE(Wait().has_response());
  EXPECT_EQ(DisplayName(), "済");
}

TEST_P(OperationFenceTest, WhoHasLostTheOperationKeepsNothing) {
  Execute(matching(), "UPDATE `operations` SET `epoch` = 2, `lease_time` = 9000000000000000000 WHERE `id` = ?",
          {absl::string_view(id_)});
  gate_.Open();
  server().Restart();  // the work has ended then
  EXPECT_EQ(DisplayName(), "試験");
  EXPECT_EQ(Count(matching(), "SELECT COUNT(*) FROM `requests` WHERE `request_id` = ?",
                  {absl::string_view("operations/" + id_)}),
            0);
  EXPECT_EQ(Count(matching(),
                  "SELECT COUNT(*) FROM `operations` WHERE `id` = ? AND `state` = 'RUNNING' AND `epoch` = 2 AND "
                  "`lease_time` = 9000000000000000000",
                  {absl::string_view(id_)}),
            1);
}

TEST_P(OperationFenceTest, WhatIsCancelledBeforeItIsKeptIsNotKept) {
  platform_v1::CancelOperationRequest cancel;
  cancel.set_name(name_);
  EXPECT_EQ(Said(admin().Call<Operation>("platform.v1.OperationService/CancelOperation", cancel)), "OK");
  gate_.Open();
  const Operation operation = Wait();
  EXPECT_EQ(operation.error().code(), static_cast<int>(absl::StatusCode::kCancelled)) << operation.ShortDebugString();
  EXPECT_EQ(DisplayName(), "試験");
}

}  // namespace
}  // namespace tsunagu::wire
