// A server started by systemd: it notifies that it is ready, that it is alive, and that it stops.
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <regex>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"

namespace tsunagu::process {
namespace {

class SupervisionTest : public testing::Test {
 protected:
  SupervisionTest() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0) << path_;
    const timeval patience{60 * TSUNAGU_SLOWNESS, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~SupervisionTest() override { close(socket_); }

  std::string Heard() {
    char text[64];
    const ssize_t size = recv(socket_, text, sizeof text, 0);
    return std::string(text, size < 0 ? 0 : size);
  }

  Folder folder_;
  const std::string path_ = folder_ / "notify.sock";
  const int socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST_F(SupervisionTest, HearsThatAServerIsReadyLivesAndStops) {
  ServerProcess::Options options;
  options.environment = {{"NOTIFY_SOCKET", path_}, {"WATCHDOG_USEC", "2000000"}};
  ServerProcess server(folder_ / "data", options);
  EXPECT_EQ(Heard(), "READY=1");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Heard(), "WATCHDOG=1");
  server.process().Signal(SIGTERM);
  std::string heard = Heard();
  while (heard == "WATCHDOG=1") heard = Heard();
  EXPECT_EQ(heard, "STOPPING=1");
  EXPECT_EQ(server.process().Wait(), 0);
}

TEST_F(SupervisionTest, HearsNothingOfAServerThatDoesNotStart) {
  WriteFile(folder_ / "file", "");
  Process::Options options;
  options.environment = {{"NOTIFY_SOCKET", path_}};
  const Outcome outcome = RunToEnd({Binary("tsunagu-registry"), "--data-dir", folder_ / "file"}, options);
  EXPECT_EQ(outcome.code, 1);
  char text[64];
  EXPECT_EQ(recv(socket_, text, sizeof text, MSG_DONTWAIT), -1) << text;
}

// Runs the command of the unit with its settings, in folders of this test.
TEST_F(SupervisionTest, HearsThatTheUnitsCommandIsReady) {
  const std::string folder = absl::StrCat(TSUNAGU_SOURCE_DIR, "/deploy/systemd");
  const std::string unit = ReadFile(folder + "/tsunagu.service");
  std::smatch exec_start, credential;
  ASSERT_TRUE(std::regex_search(unit, exec_start, std::regex("\nExecStart=(.*)\n")));
  ASSERT_TRUE(std::regex_search(unit, credential, std::regex("\nLoadCredential=([^:]*):/etc/tsunagu/master.key\n")));
  const std::string program = Binary("tsunagu"), credentials = folder_ / "credentials";
  std::filesystem::create_directory(credentials);
  const std::string key = absl::StrCat(credentials, "/", credential[1].str());
  ASSERT_EQ(RunToEnd({program, "keys", "master", "--add-to", key}).code, 0);

  const std::vector<std::string> command = absl::StrSplit(
      absl::StrReplaceAll(exec_start[1].str(),
                          {{"/usr/bin/tsunagu", program}, {"/etc/tsunagu", folder}, {"%S", folder_.path()}}),
      ' ');
  Process::Options options;
  options.environment = {{"NOTIFY_SOCKET", path_},
                         {"CREDENTIALS_DIRECTORY", credentials},
                         {"TSUNAGU_LISTEN", "127.0.0.1:0"},
                         {"TSUNAGU_ADMIN_LISTEN", "127.0.0.1:0"}};
  Process server(command, options);
  EXPECT_EQ(Heard(), "READY=1") << server.Errors();
  EXPECT_FALSE(std::filesystem::exists(folder_ / "tsunagu/master.key")) << "it uses the credential";
  server.Signal(SIGTERM);
  EXPECT_EQ(Heard(), "STOPPING=1");
  EXPECT_EQ(server.Wait(), 0);
}

}  // namespace
}  // namespace tsunagu::process
