// Operations take turns: no caller waits behind all operations of another caller.
#include "common/access/access.h"
#include "common/access/coded_places.h"
#include "common/service/service.h"
#include "common/work/operations.h"
#include "google/protobuf/util/time_util.h"
#include "services/matching/module.h"
#include "services/peers/registry_places.h"
#include "services/registry/module.h"
#include "tests/wire/gate.h"
#include "tests/wire/rounds.h"

namespace tsunagu::wire {
namespace {

using google::longrunning::Operation;

// SolveRound stops at a gate.
class OperationTurnsTest : public SuiteTest {
 protected:
  Server::Options ServerOptions() override {
    Server::Options options;
    options.kinds = {{"registry", [](Service& service, const PeerFinder&) { registry::Build(service); }},
                     {"matching", [this](Service& service, const PeerFinder& find_peer) {
                        matching::Build(service, [this, find_peer](absl::string_view name) {
                          gate_.Pass();
                          return find_peer(name);
                        });
                        service.access().SetPlaces(std::make_unique<peers::RegistryPlaces>(
                            find_peer, std::make_unique<access::CodedPlaces>("areas")));
                      }}};
    return options;
  }
  void TearDown() override { gate_.Open(); }

  absl::StatusOr<Operation> Start(const Caller& caller, const std::string& round) {
    EXPECT_EQ(Said(CreateRound(admin(), round, 1)), "OK");
    const matching_v1::Snapshot snapshot = ASnapshot(10);
    return StartSolving(caller, round, &snapshot);
  }
  // As it is after some seconds at the latest.
  static bool IsDone(const Caller& caller, const std::string& operation, int seconds = 30) {
    platform_v1::WaitOperationRequest wait;
    wait.set_name(operation);
    *wait.mutable_timeout() = google::protobuf::util::TimeUtil::SecondsToDuration(seconds);
    const auto waited = caller.Call<Operation>("platform.v1.OperationService/WaitOperation", wait);
    EXPECT_EQ(Said(waited), "OK");
    return waited.ok() && waited->done();
  }

  Gate gate_;
};
WIRE_TEST_ON_BOTH(OperationTurnsTest);

TEST_P(OperationTurnsTest, AnotherCallerIsNext) {
  const Caller other = CallerWith("other", {"admin@*"}, "matching");
  std::vector<std::string> mine;
  for (const char* round : {"a1", "a2", "a3", "a4"}) {
    const auto started = Start(admin(), round);
    ASSERT_EQ(Said(started), "OK");
    mine.push_back(started->name());
  }
  ASSERT_TRUE(gate_.AwaitArrived(2));  // the others wait for one of the two threads
  const auto theirs = Start(other, "b1");
  ASSERT_EQ(Said(theirs), "OK");
  gate_.Let(1);
  ASSERT_TRUE(gate_.AwaitArrived(3));
  gate_.Let(3);
  EXPECT_TRUE(IsDone(other, theirs->name()));
  EXPECT_FALSE(IsDone(admin(), mine[3], 0));
  gate_.Open();
  for (const std::string& operation : mine) EXPECT_TRUE(IsDone(admin(), operation)) << operation;
}

TEST_P(OperationTurnsTest, ACallerHasSoManyAtMost) {
  std::vector<std::string> mine;
  for (int i = 0; i < Operations::kMostOfCaller; ++i) {
    const auto started = Start(admin(), absl::StrCat("a", i));
    ASSERT_EQ(Said(started), "OK") << i;
    mine.push_back(started->name());
  }
  EXPECT_EQ(Said(Start(admin(), "one-more")), "RESOURCE_EXHAUSTED TOO_MANY_OPERATIONS");
  const Caller other = CallerWith("other", {"admin@*"}, "matching");
  const auto theirs = Start(other, "theirs");
  EXPECT_EQ(Said(theirs), "OK");
  gate_.Open();  // and all has to be over before it goes
  for (const std::string& operation : mine) EXPECT_TRUE(IsDone(admin(), operation)) << operation;
  EXPECT_TRUE(IsDone(other, theirs->name()));
  const auto again = Start(admin(), "again");
  ASSERT_EQ(Said(again), "OK");
  EXPECT_TRUE(IsDone(admin(), again->name()));
}

}  // namespace
}  // namespace tsunagu::wire
