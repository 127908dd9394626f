#include "services/suite/demo/suite.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"

namespace tsunagu::suite {
namespace {

TEST(TemporaryFolder, GoesWithAllInIt) {
  std::string path;
  {
    const auto folder = TemporaryFolder::Make();
    ASSERT_TRUE(folder.ok()) << folder.status();
    path = (*folder)->path();
    std::filesystem::create_directory(path + "/deep");
    std::ofstream(path + "/deep/file") << "x";
    EXPECT_TRUE(std::filesystem::exists(path + "/deep/file"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Interruption, DoesNothingWhereNoSignalComes) {
  const BlockedSignals signals;
  const Interruption interruption(signals, [] { FAIL(); });
  EXPECT_FALSE(interruption.happened());
}

// In processes of their own: the threads that other tests left behind would take the signals.
class InterruptionTest : public ::testing::TestWithParam<int> {
 protected:
  InterruptionTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

[[noreturn]] void InterruptWaiting(int signal, void (*handler)(int)) {
  ::signal(signal, handler);
  bool stopped = false;
  {
    const BlockedSignals signals;
    kill(getpid(), signal);  // also one that comes before anybody waits for it
    const Interruption interruption(signals, [&] { stopped = true; });
    while (handler == SIG_DFL && !interruption.happened()) std::this_thread::yield();
  }
  _exit(stopped ? 0 : 1);
}

[[noreturn]] void InterruptSuite(int signal) {
  ::signal(signal, SIG_DFL);
  std::string folder;
  {
    const auto suite = TemporarySuite::Start(1);
    if (!suite.ok()) _exit(2);
    folder = std::filesystem::path((*suite)->admin_key_file()).parent_path();
    if (!std::filesystem::exists(folder) || (*suite)->interrupted()) _exit(3);
    kill(getpid(), signal);
    while (!(*suite)->interrupted()) std::this_thread::yield();
  }
  _exit(std::filesystem::exists(folder) ? 4 : 0);
}

TEST_P(InterruptionTest, StopsWhatIsToBeStopped) {
  EXPECT_EXIT(InterruptWaiting(GetParam(), SIG_DFL), testing::ExitedWithCode(0), "");
}

TEST(IgnoredSignals, StayIgnored) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const int signal : {SIGINT, SIGHUP}) {
    EXPECT_EXIT(InterruptWaiting(signal, SIG_IGN), testing::ExitedWithCode(1), "") << signal;
  }
}

TEST_P(InterruptionTest, EndsASuiteThatLeavesNothing) {
  EXPECT_EXIT(InterruptSuite(GetParam()), testing::ExitedWithCode(0), "");
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptionTest, testing::Values(SIGINT, SIGTERM, SIGHUP));

}  // namespace
}  // namespace tsunagu::suite
