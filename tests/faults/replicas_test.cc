// Two servers on one database, one of which is killed repeatedly: one chain, one feed, no change lost or duplicated.
#include <signal.h>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/faults/chance.h"
#include "tests/faults/load.h"
#include "tests/faults/truth.h"
#include "tests/faults/watcher.h"

namespace tsunagu::faults {
namespace {

using process::ServerProcess;

TEST(ReplicasTest, OneIsKilledWhileTheOtherServes) {
  if (!Ground::Has(Engine::kMysql)) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
  SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", Seed()));
  std::mt19937_64 random(Seed());
  const Ground ground({Engine::kMysql});
  const process::Folder folder_of_the_other;
  History history("replicas");
  Watcher watcher;
  {
    ServerProcess stays(ground.data_dir(), ground.Server());
    watcher.Follow(stays);
    Load load(stays, history, {"stays", random(), 4, Load::AfterRefusal::kSendAgain});
    std::vector<Change> unanswered;
    for (int kill = 1; kill <= 10 && !testing::Test::HasFailure(); ++kill) {
      ServerProcess dies(folder_of_the_other.path(), ground.Server());
      Load other(dies, history,
                 {absl::StrCat("dies", kill), random(), 4, Load::AfterRefusal::kStop, std::move(unanswered)});
      ASSERT_TRUE(other.WaitForAcknowledged(static_cast<int>(5 + random() % 20))) << dies.process().Errors();
      dies.process().Signal(SIGKILL);
      other.Stop();
      unanswered = other.unanswered();
      ASSERT_TRUE(load.WaitForAcknowledged(load.acknowledged() + 20)) << "goes on alone";
    }
    load.Stop();
    watcher.Leave();
  }
  ExpectHolds(ground, history);
  ServerProcess server(ground.data_dir(), ground.Server());
  watcher.ExpectAllTold(ground, server);
}

}  // namespace
}  // namespace tsunagu::faults
