#include "common/host/supervision.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tsunagu {
namespace {

// Plays the role of systemd: a socket that receives.
class SupervisionTest : public testing::Test {
 protected:
  SupervisionTest() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name_ = absl::StrCat("@tsunagu-test-", getpid());
    name_.copy(address.sun_path, name_.size());
    address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), length), 0);
    setenv("NOTIFY_SOCKET", name_.c_str(), 1);
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
  }
  ~SupervisionTest() override {
    unsetenv("NOTIFY_SOCKET");
    close(socket_);
  }

  // Returns "" when nothing arrives within `millis`.
  std::string Heard(int millis = 30'000) {
    const timeval patience{millis / 1000, millis % 1000 * 1000};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    char text[64];
    const ssize_t size = recv(socket_, text, sizeof text, 0);
    return std::string(text, size < 0 ? 0 : size);
  }

  const int socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  std::string name_;
};

bool Yes(absl::Duration) { return true; }

TEST_F(SupervisionTest, TellsWhenItIsReadyAndWhenItStops) {
  {
    const Supervision supervision(Yes);
    EXPECT_EQ(Heard(), "READY=1");
  }
  EXPECT_EQ(Heard(), "STOPPING=1");
}

TEST_F(SupervisionTest, TellsThatItLivesForAsLongAsItDoes) {
  setenv("WATCHDOG_USEC", "20000", 1);
  setenv("WATCHDOG_PID", absl::StrCat(getpid()).c_str(), 1);
  std::atomic<bool> alive = true;
  std::atomic<int> asked = 0;
  {
    const Supervision supervision([&](absl::Duration patience) {
      EXPECT_EQ(patience, absl::Milliseconds(10));
      ++asked;
      return alive.load();
    });
    EXPECT_EQ(Heard(), "READY=1");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(Heard(), "WATCHDOG=1");
    alive = false;
    const int before = asked;
    while (asked < before + 2) Heard(1);  // the notices of earlier questions have arrived
    while (!Heard(1).empty()) {
    }
    while (asked < before + 5) EXPECT_EQ(Heard(1), "") << "it is asked, says no, and nothing is told";
  }
  EXPECT_EQ(Heard(), "STOPPING=1");
  EXPECT_EQ(Heard(1), "");
}

TEST_F(SupervisionTest, WatchesOnlyWhereThisProcessIsMeant) {
  for (const char* micros : {"0", "-5", "soon", ""}) {
    setenv("WATCHDOG_USEC", micros, 1);
    {
      const Supervision supervision([](absl::Duration) -> bool { abort(); });
    }
    EXPECT_EQ(Heard(), "READY=1") << micros;
    EXPECT_EQ(Heard(), "STOPPING=1") << micros;
  }
  setenv("WATCHDOG_USEC", "1000", 1);
  setenv("WATCHDOG_PID", "1", 1);
  {
    const Supervision supervision([](absl::Duration) -> bool { abort(); });
  }
  EXPECT_EQ(Heard(), "READY=1");
  EXPECT_EQ(Heard(), "STOPPING=1");
}

TEST_F(SupervisionTest, WithoutASocketNothingIsToldOrAsked) {
  unsetenv("NOTIFY_SOCKET");
  setenv("WATCHDOG_USEC", "1000", 1);
  {
    const Supervision supervision([](absl::Duration) -> bool { abort(); });
  }
  EXPECT_EQ(Heard(1), "");
}

TEST(AnswersHealthTest, NobodyThereIsNoAnswer) {
  EXPECT_FALSE(AnswersHealth(absl::StrCat("unix:", testing::TempDir(), "/nobody.sock"), absl::Milliseconds(200)));
}

}  // namespace
}  // namespace tsunagu
