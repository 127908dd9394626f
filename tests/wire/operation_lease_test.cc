// The lease of an operation: a process that works on it renews it, and a process that has lost it writes nothing any
// more.
#include <thread>

#include "common/access/access.h"
#include "common/access/coded_places.h"
#include "common/contract/own_id.h"
#include "common/service/service.h"
#include "common/work/operations.h"
#include "services/matching/module.h"
#include "services/peers/registry_places.h"
#include "services/registry/module.h"
#include "tests/wire/gate.h"
#include "tests/wire/rounds.h"

namespace tsunagu::wire {
namespace {

using google::longrunning::Operation;

constexpr absl::Duration kLease = absl::Seconds(30);

// SolveRound stops at a gate before its first report of progress: the work is silent as long as the test wants.
class OperationLeaseTest : public SuiteTest {
 protected:
  Server::Options ServerOptions() override {
    Server::Options options;
    options.kinds = {{"registry", [](Service& service, const PeerFinder&) { registry::Build(service); }},
                     {"matching", [this](Service& service, const PeerFinder& find_peer) {
                        matching::Build(service, [this, find_peer](absl::string_view name) {
                          gate_.Pass();
                          return find_peer(name);
                        });
                        // Those who look at places pass no gate.
                        service.access().SetPlaces(std::make_unique<peers::RegistryPlaces>(
                            find_peer, std::make_unique<access::CodedPlaces>("areas")));
                      }}};
    return options;
  }
  void TearDown() override { gate_.Open(); }

  Operations& operations() { return server().host().Find("matching")->operations(); }
  // The name of the operation. Its work has reached the gate.
  std::string StartSilent(const std::string& round, int number) {
    EXPECT_EQ(Said(CreateRound(admin(), round, 1)), "OK");
    const matching_v1::Snapshot snapshot = ASnapshot(10);
    const auto started = StartSolving(admin(), round, &snapshot);
    EXPECT_EQ(Said(started), "OK");
    EXPECT_TRUE(gate_.AwaitArrived(number));
    return started.ok() ? started->name() : "";
  }
  Operation Wait(const std::string& name) {
    platform_v1::WaitOperationRequest wait;
    wait.set_name(name);
    const auto done = admin().Call<Operation>("platform.v1.OperationService/WaitOperation", wait);
    EXPECT_EQ(Said(done), "OK");
    return done.value_or(Operation());
  }
  static std::string EndOf(const Operation& operation) {
    if (!operation.done()) return "RUNNING";
    if (!operation.has_error()) return "SUCCEEDED";
    return Said(rpc::FromGrpc(grpc::Status(static_cast<grpc::StatusCode>(operation.error().code()),
                                           operation.error().message(), operation.error().SerializeAsString())));
  }
  int64_t Number(const char* sql, const std::string& operation) {
    return Count(matching(), sql, {absl::string_view(contract::OwnId(operation))});
  }
  int64_t Epoch(const std::string& operation) {
    return Number("SELECT `epoch` FROM `operations` WHERE `id` = ?", operation);
  }
  int64_t LeaseTime(const std::string& operation) {
    return Number("SELECT `lease_time` FROM `operations` WHERE `id` = ?", operation);
  }
  // As when another replica has found the lease ended.
  void TakeByAnother(const std::string& operation) {
    Execute(matching(), "UPDATE `operations` SET `epoch` = `epoch` + 1, `lease_time` = ? WHERE `id` = ?",
            {absl::ToUnixMicros(clock().Now() + kLease), absl::string_view(contract::OwnId(operation))});
  }
  matching_v1::Round::State StateOf(const std::string& round) {
    matching_v1::GetRoundRequest request;
    request.set_name("rounds/" + round);
    return admin().Call<matching_v1::Round>("matching.v1.RoundService/GetRound", request)->state();
  }

  Gate gate_;
};
WIRE_TEST_ON_BOTH(OperationLeaseTest);

TEST_P(OperationLeaseTest, SilentWorkIsNotTakenUpInItsOwnProcess) {
  const std::string silent = StartSilent("silent", 1);
  clock().Advance(kLease + absl::Seconds(1));
  operations().TakeUp();
  // There are two threads, and each works in the order of arrival: had the silent one been taken up, it would be the
  // second at the gate, and not the other round.
  const std::string other = StartSilent("other", 2);
  gate_.Let(1);
  EXPECT_EQ(EndOf(Wait(silent)), "SUCCEEDED");
  EXPECT_EQ(Epoch(silent), 1);
  EXPECT_EQ(StateOf("silent"), matching_v1::Round::STATE_SUCCEEDED);
  gate_.Open();
  EXPECT_EQ(EndOf(Wait(other)), "SUCCEEDED");
  EXPECT_EQ(gate_.arrived(), 2);
}

TEST_P(OperationLeaseTest, SilentWorkKeepsItsLease) {
  const std::string silent = StartSilent("silent", 1);
  for (int i = 0; i < 2; ++i) {
    clock().Advance(kLease - absl::Seconds(10));
    const Deadline patience = Deadline::After(absl::Seconds(30));
    while (LeaseTime(silent) != absl::ToUnixMicros(clock().Now() + kLease) && !patience.Over()) {
      std::this_thread::yield();
    }
    ASSERT_EQ(LeaseTime(silent), absl::ToUnixMicros(clock().Now() + kLease)) << i;
  }
  gate_.Open();
  EXPECT_EQ(EndOf(Wait(silent)), "SUCCEEDED");
}

TEST_P(OperationLeaseTest, WhoHasLostItsLeaseWritesNothing) {
  const std::string lost = StartSilent("lost", 1);
  TakeByAnother(lost);
  gate_.Open();
  server().Restart();  // the work has ended then
  const int64_t lease = LeaseTime(lost);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM `operations` WHERE `id` = ? AND `state` = 'RUNNING' AND `epoch` = 2 AND "
                   "`percent` = 0 AND `end_time` = 0",
                   lost),
            1);
  EXPECT_EQ(StateOf("lost"), matching_v1::Round::STATE_DRAFT);
  EXPECT_EQ(lease, absl::ToUnixMicros(clock().Now() + kLease)) << "nobody extends what another holds";
  // The other one disappears, and this process takes up what it has left.
  clock().Advance(kLease + absl::Seconds(1));
  operations().TakeUp();
  EXPECT_EQ(EndOf(Wait(lost)), "SUCCEEDED");
  EXPECT_EQ(Epoch(lost), 3);
}

TEST_P(OperationLeaseTest, WhoIsCancelledSaysSo) {
  const std::string cancelled = StartSilent("cancelled", 1);
  platform_v1::CancelOperationRequest cancel;
  cancel.set_name(cancelled);
  EXPECT_EQ(Said(admin().Call<Operation>("platform.v1.OperationService/CancelOperation", cancel)), "OK");
  gate_.Open();
  EXPECT_EQ(EndOf(Wait(cancelled)), "CANCELLED CANCELLED");
  EXPECT_EQ(StateOf("cancelled"), matching_v1::Round::STATE_DRAFT);
}

// A person with a password for the database orders work in the name of another.
TEST_P(OperationLeaseTest, WorkThatNobodyAskedForIsNotDone) {
  gate_.Open();
  server().Spoil();
  const std::string id = NewId(clock().Now(), Entropy::System());
  Execute(matching(),
          "INSERT INTO `operations` (`id`, `method`, `principal`, `on_behalf_of`, `purpose`, `state`) VALUES (?, "
          "'tsunagu.matching.v1.RoundService/SolveRound', 'admin', '', '', 'RUNNING')",
          {absl::string_view(id)});
  server().Restart();
  EXPECT_EQ(EndOf(Wait("services/matching/operations/" + id)), "DATA_LOSS ROW_FORGED");
}

}  // namespace
}  // namespace tsunagu::wire
