// How servers start, and what they say when they cannot.
#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"

namespace tsunagu::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(StartTest, MakesTheAdminKeyForItsOwnerOnly) {
  Folder folder;
  {
    ServerProcess server(folder / "data");
    EXPECT_EQ(FacilityCount(server), 0);
  }
  struct stat status = {};
  ASSERT_EQ(stat((folder / "data/admin.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const std::string key = ReadFile(folder / "data/admin.key");
  ServerProcess again(folder / "data");
  EXPECT_EQ(ReadFile(folder / "data/admin.key"), key);
  EXPECT_EQ(FacilityCount(again), 0);
}

TEST(StartTest, SecondServerOnTheSameFolderIsRefused) {
  Folder folder;
  ServerProcess first(folder.path());
  const Outcome second = RunToEnd({Binary("tsunagu-registry"), "--data-dir", folder.path(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(second.code, 1);
  EXPECT_EQ(second.output, "");
  EXPECT_THAT(second.errors, AllOf(HasSubstr(folder.path()), HasSubstr("別のサーバーが使用中です"),
                                   HasSubstr("is in use by another server")));
  EXPECT_EQ(FacilityCount(first), 0) << "the first one does not notice";
}

TEST(StartTest, PortInUseIsNamed) {
  Folder folder, other;
  ServerProcess first(folder.path());
  const Outcome second =
      RunToEnd({Binary("tsunagu-registry"), "--data-dir", other.path(), "--listen", first.address()});
  EXPECT_EQ(second.code, 1);
  EXPECT_EQ(second.output, "");
  EXPECT_THAT(second.errors, HasSubstr(first.address()));
}

TEST(StartTest, DoesNotListenToOtherMachinesInPlainText) {
  Folder folder;
  const Outcome outcome = RunToEnd({Binary("tsunagu-registry"), "--data-dir", folder.path(), "--listen", "0.0.0.0:0"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, AllOf(HasSubstr("0.0.0.0:0"), HasSubstr("TLS")));
}

TEST(StartTest, ListensOnUnixSocket) {
  Folder folder;
  const std::string socket = "unix:" + folder / "socket";
  Process server({Binary("tsunagu-registry"), "--data-dir", folder.path(), "--listen", socket});
  const auto line = server.ReadLine();
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(*line, "listening on " + socket);
  Folder other;
  const Outcome second = RunToEnd({Binary("tsunagu-registry"), "--data-dir", other.path(), "--listen", socket});
  EXPECT_EQ(second.code, 1);
  EXPECT_THAT(second.errors, HasSubstr(socket));
}

TEST(StartTest, UnknownServiceIsRefusedBeforeAnythingIsMade) {
  Folder folder;
  const Outcome outcome =
      RunToEnd({Binary("tsunagu-registry"), "--data-dir", folder / "data", "--services", "registry,training"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, AllOf(HasSubstr("サービス「training」はありません"),
                                    HasSubstr("There is no service training. Services: registry")));
  struct stat status = {};
  EXPECT_NE(stat((folder / "data").c_str(), &status), 0);
}

TEST(StartTest, DataFolderThatCannotBeMadeIsNamed) {
  Folder folder;
  WriteFile(folder / "file", "");
  const Outcome outcome =
      RunToEnd({Binary("tsunagu-registry"), "--data-dir", folder / "file/data", "--listen", "127.0.0.1:0"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, HasSubstr(folder / "file/data"));
}

TEST(StartTest, PeerKeyFileThatIsNotThereIsNamed) {
  Folder folder;
  const Outcome outcome = RunToEnd({Binary("tsunagu-matching"), "--data-dir", folder.path(), "--listen", "127.0.0.1:0",
                               "--peer", "registry=127.0.0.1:1", "--peer-key-file", folder / "no.key"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, HasSubstr(folder / "no.key"));
}

}  // namespace
}  // namespace tsunagu::process
