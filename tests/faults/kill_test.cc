// kill -9 at random times, and at random failpoints, under concurrent writes.
#include <signal.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/faults/chance.h"
#include "tests/faults/failpoints.h"
#include "tests/faults/load.h"
#include "tests/faults/truth.h"
#include "tests/faults/watcher.h"

namespace tsunagu::faults {
namespace {

using process::ServerProcess;

class KillTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{GetParam()});
    ServerProcess(ground_->data_dir(), ground_->Server());  // failpoint_test.cc tests the first start
  }

  // Returns half of the changes without an answer; the others stay unknown.
  std::vector<Change> Half(const std::vector<Change>& changes) {
    std::vector<Change> half;
    for (const Change& change : changes) {
      if (random_() % 2 == 0) half.push_back(change);
    }
    return half;
  }

  ServerProcess::Options ToBeKilled(bool at_failpoint) {
    const auto& all = AllFailpoints();
    ServerProcess::Options options =
        at_failpoint ? ground_->Server(absl::StrCat(all[random_() % all.size()].name, "=kill:", 1 + random_() % 60))
                     : ground_->Server();
    options.may_not_listen = true;
    return options;
  }

  void Summarise(const History& history, int kills) const {
    int counts[3] = {};
    for (const Operation& operation : history.operations()) ++counts[static_cast<int>(operation.outcome)];
    std::printf("%s: %d kills, seed %llu, operations: %d ok, %d fail, %d unknown\n",
                testing::PrintToString(GetParam()).c_str(), kills, static_cast<unsigned long long>(Seed()), counts[0],
                counts[1], counts[2]);
  }

  std::unique_ptr<Ground> ground_;
  std::mt19937_64 random_{Seed()};
};

TEST_P(KillTest, UnderConcurrentWrites) {
  SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", Seed()));
  History history(absl::StrCat("kill-", testing::PrintToString(GetParam())));
  Watcher watcher;
  std::vector<Change> unanswered;
  for (int kill = 1; kill <= Kills() && !HasFailure(); ++kill) {
    ServerProcess server(ground_->data_dir(), ToBeKilled(kill % 2 == 0));
    if (server.listens()) {
      watcher.Follow(server);
      Load load(server, history, {absl::StrCat("k", kill), random_(), 6, Load::AfterRefusal::kStop, Half(unanswered)});
      load.WaitForAcknowledged(static_cast<int>(random_() % 40));
      (void)server.process().Wait(absl::Milliseconds(random_() % 20));
      server.process().Signal(SIGKILL);
      load.Stop();
      unanswered = load.unanswered();
      watcher.Leave();
    }
    EXPECT_EQ(server.process().Wait(), -SIGKILL) << server.process().Errors();
  }
  ExpectHolds(*ground_, history);
  ServerProcess server(ground_->data_dir(), ground_->Server());
  watcher.ExpectAllTold(*ground_, server);
  Summarise(history, Kills());
}

INSTANTIATE_TEST_SUITE_P(, KillTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace tsunagu::faults
