// If acknowledged changes are missing, the start of the server reports them, down to the change.
#include <signal.h>

#include <filesystem>
#include <regex>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"

namespace tsunagu::process {
namespace {

using registry::v1::Facility;
using testing::HasSubstr;

constexpr int kFacilities = 40;

class LostTest : public testing::Test {
 protected:
  LostTest() { ServerProcess(folder_.path()).process().Signal(SIGTERM); }

  void Create(ServerProcess& server, const std::string& id) {
    ASSERT_TRUE(server.Call<Facility>(kCreateFacility, FacilityRequest(id)).ok());
  }
  // Creates facilities that are only in the log, since there was no time to write them back.
  void CreateAndKill() {
    ServerProcess server(folder_.path());
    for (int i = 0; i < kFacilities; ++i) Create(server, absl::StrCat("f", i));
    server.process().Signal(SIGKILL);
    server.process().Wait();
  }
  // Changes a bit in the valid part of the log. After that part are frames from before SQLite restarted the log at its
  // beginning, whose salts differ from those of the header.
  void FlipInLog(double where) {
    const std::string log = folder_ / "registry.db-wal";
    std::string text = ReadFile(log);
    constexpr size_t kHeader = 32, kFrameHeader = 24, kPage = 4096;
    const std::string salts = text.substr(16, 8);
    size_t end = kHeader;
    while (end + kFrameHeader + kPage <= text.size() && text.substr(end + 8, 8) == salts) end += kFrameHeader + kPage;
    ASSERT_GT(end, kHeader);
    text[static_cast<size_t>(where * static_cast<double>(end))] ^= 0x10;
    WriteFile(log, text);
  }
  std::string StartErrors() {
    ServerProcess::Options options;
    options.may_not_listen = true;
    ServerProcess server(folder_.path(), options);
    EXPECT_FALSE(server.listens());
    EXPECT_EQ(server.process().Wait(), 1);
    return server.process().Errors();
  }
  Outcome Adopt() { return RunToEnd({Binary("tsunagu"), "adopt", "--data-dir", folder_.path()}); }

  Folder folder_;
};

TEST_F(LostTest, AfterAKillNothingIs) {
  CreateAndKill();
  ServerProcess server(folder_.path());
  EXPECT_EQ(FacilityCount(server), kFacilities);
}

TEST_F(LostTest, ABitInTheLogIsCountedInChanges) {
  CreateAndKill();
  FlipInLog(0.6);
  const std::string errors = StartErrors();
  EXPECT_THAT(errors, HasSubstr("CHANGES_LOST"));
  std::smatch found;
  ASSERT_TRUE(std::regex_search(errors, found, std::regex("([0-9]+) changes of registry"))) << errors;
  int lost = 0;
  ASSERT_TRUE(absl::SimpleAtoi(found[1].str(), &lost));
  EXPECT_GT(lost, 0);
  EXPECT_LT(lost, kFacilities);
  EXPECT_THAT(StartErrors(), HasSubstr("CHANGES_LOST")) << "until somebody says so";
  const Outcome adopted = Adopt();
  ASSERT_EQ(adopted.code, 0) << adopted.errors;
  ServerProcess server(folder_.path());
  EXPECT_EQ(FacilityCount(server), kFacilities - lost) << "exactly that many are gone";
  Create(server, "after");
}

TEST_F(LostTest, AMissingLogIsCountedToo) {
  CreateAndKill();
  std::filesystem::remove(folder_ / "registry.db-wal");
  std::filesystem::remove(folder_ / "registry.db-shm");
  EXPECT_THAT(StartErrors(), HasSubstr("CHANGES_LOST"));
}

TEST_F(LostTest, AFileThatACrashHasSpoiltStopsNobody) {
  CreateAndKill();
  WriteFile(folder_ / "registry.reached", std::string(110, '\0'));
  ServerProcess server(folder_.path());
  EXPECT_EQ(FacilityCount(server), kFacilities);
  EXPECT_THAT(server.process().Errors(), HasSubstr("reached_not_read"));
}

// Many short-lived processes: the time of the last line counts, not that of the process.
TEST_F(LostTest, ACheckpointThatIsDueIsThereBeforeTheFirstCall) {
  const std::string file = folder_ / "checkpoints/registry.checkpoints";
  CreateAndKill();
  std::filesystem::remove(file);
  ServerProcess server(folder_.path());
  server.process().Signal(SIGKILL);
  EXPECT_TRUE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace tsunagu::process
