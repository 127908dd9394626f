// Power loss under a real server on a real file system: the file system is shut down, so that all data that was not
// synced is lost, and mounted again. Needs root, loop devices and the programs that make the file systems.
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/faults/chance.h"
#include "tests/faults/load.h"
#include "tests/faults/truth.h"

namespace tsunagu::faults {
namespace {

using process::RunToEnd;
using process::ServerProcess;

constexpr int kCuts = 25;  // on each of the two file systems

// The same code on xfs and ext4, without flushing their logs first.
constexpr unsigned long kShutDown = _IOR('X', 125, uint32_t);
constexpr uint32_t kWithoutFlushing = 2;

// A file system of its own in a file.
class LoopDisk {
 public:
  explicit LoopDisk(const std::string& type) : type_(type) {
    std::filesystem::create_directory(path());
    process::WriteFile(image(), "");
    std::filesystem::resize_file(image(), 400 << 20);
    Make();
    if (why_not_.empty()) Mount();
  }
  ~LoopDisk() {
    if (why_not_.empty()) umount2(path().c_str(), MNT_DETACH);
  }

  // Returns the reason why it does not work; empty if it works.
  const std::string& why_not() const { return why_not_; }
  std::string path() const { return folder_ / "disk"; }

  // No process may use it afterwards.
  void CutPower() {
    const int file = open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_EQ(ioctl(file, kShutDown, &kWithoutFlushing), 0) << std::strerror(errno);
    close(file);
  }
  void Reboot() {
    const process::Outcome unmounted = RunToEnd({"/usr/bin/umount", path()});
    ASSERT_EQ(unmounted.code, 0) << unmounted.errors;
    Mount();
    ASSERT_EQ(why_not_, "");
  }

 private:
  std::string image() const { return folder_ / "image"; }
  void Make() {
    const std::string program = absl::StrCat("/usr/sbin/mkfs.", type_);
    if (!std::filesystem::exists(program)) {
      why_not_ = absl::StrCat(program, " is not there");
      return;
    }
    const process::Outcome made = RunToEnd({program, "-q", image()});
    if (made.code != 0) why_not_ = absl::StrCat(program, ": ", made.errors);
  }
  void Mount() {
    const process::Outcome mounted = RunToEnd({"/usr/bin/mount", "-o", "loop", "-t", type_, image(), path()});
    if (mounted.code != 0) why_not_ = absl::StrCat("cannot mount here (root and loop devices?): ", mounted.errors);
  }

  const std::string type_;
  const process::Folder folder_;
  std::string why_not_;
};

class PrivilegedPowerLossTest : public testing::TestWithParam<const char*> {};

TEST_P(PrivilegedPowerLossTest, NothingAcknowledgedIsLost) {
  SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", Seed()));
  LoopDisk disk(GetParam());
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  const Ground ground({Engine::kSqlite, {"registry"}, "", disk.path() + "/data"});
  History history(absl::StrCat("power-loss-", GetParam()));
  std::mt19937_64 random(Seed());
  std::vector<Change> unanswered;
  int acknowledged = 0;
  for (int cut = 1; cut <= kCuts && !HasFailure(); ++cut) {
    SCOPED_TRACE(cut);
    {
      ServerProcess server(ground.data_dir(), ground.Server());
      Load load(server, history,
                {absl::StrCat("cut", cut), random(), 6, Load::AfterRefusal::kStop, std::move(unanswered)});
      ASSERT_TRUE(load.WaitForAcknowledged(static_cast<int>(5 + random() % 40)))
          << testing::PrintToString(load.refusals()) << server.process().Errors();
      load.BelieveNoMore();
      disk.CutPower();
      server.process().Signal(SIGKILL);
      load.Stop();
      unanswered = load.unanswered();
      acknowledged += load.acknowledged();
      EXPECT_EQ(server.process().Wait(), -SIGKILL);
    }
    disk.Reboot();
    ExpectHolds(ground, history);
  }
  std::printf("%s: %d power losses, %d changes acknowledged\n", GetParam(), kCuts, acknowledged);
}

INSTANTIATE_TEST_SUITE_P(, PrivilegedPowerLossTest, testing::Values("xfs", "ext4"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace tsunagu::faults
