// Keys of real servers: created at the first start, rotated while servers run, and deleted for good after an erasure,
// whenever a process is killed.
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/mariadb.h"
#include "tests/process/server.h"
#include "tsunagu/platform/v1/erasure.pb.h"
#include "tsunagu/platform/v1/revision.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::process {
namespace {

using registry::v1::Nurse;
using testing::HasSubstr;

absl::StatusOr<Nurse> CreateNurse(ServerProcess& server, const std::string& name) {
  registry::v1::CreateNurseRequest request;
  request.mutable_nurse()->set_display_name(name);
  request.mutable_nurse()->set_licence(registry::v1::LICENCE_NURSE);
  request.mutable_nurse()->set_weekly_minutes(600);
  request.mutable_nurse()->set_home_mesh("53341198");
  request.mutable_nurse()->set_commute_limit_metres(1000);
  return server.Call<Nurse>("registry.v1.NurseService/CreateNurse", request);
}

std::string NameOf(ServerProcess& server, const std::string& name) {
  registry::v1::GetNurseRequest request;
  request.set_name(name);
  const auto nurse = server.Call<Nurse>("registry.v1.NurseService/GetNurse", request);
  return nurse.ok() ? nurse->display_name() : RefusalOf(nurse.status()).second;
}

TEST(MasterKeyTest, IsMadeAtTheFirstStartAndNeededAtTheNext) {
  Folder folder;
  const std::vector<std::string> command = {Binary("tsunagu-registry"), "--data-dir", folder.path(), "--listen",
                                            "127.0.0.1:0"};
  { ServerProcess server(folder.path()); }
  struct stat file;
  ASSERT_EQ(stat((folder / "master.key").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
  EXPECT_TRUE(std::filesystem::exists(folder / "registry.keys.db"));
  const std::string right = ReadFile(folder / "master.key");

  struct Case {
    const char* name;
    const char* text;  // null: no file
    const char* reason;
  };
  const Case cases[] = {
      {"missing", nullptr, "MASTER_KEY_MISSING"},
      {"malformed", "hush\n", "MASTER_KEY_MALFORMED"},
      {"wrong", "0000000000000000000000000000000000000000000000000000000000000007\n", "MASTER_KEY_WRONG"},
  };
  for (const Case& c : cases) {
    std::filesystem::remove(folder / "master.key");
    if (c.text != nullptr) WriteFile(folder / "master.key", c.text);
    const Outcome outcome = RunToEnd(command);
    EXPECT_EQ(outcome.code, 1) << c.name;
    EXPECT_THAT(outcome.errors, HasSubstr(c.reason)) << c.name;
  }
  EXPECT_EQ(ReadFile(folder / "master.key"), cases[2].text) << "never replaced";
  WriteFile(folder / "master.key", right);
  std::filesystem::rename(folder / "registry.keys.db", folder / "elsewhere");
  const Outcome outcome = RunToEnd(command);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, testing::AllOf(HasSubstr("KEY_STORE_EMPTY"), HasSubstr(folder / "registry.keys.db")));
  std::filesystem::rename(folder / "elsewhere", folder / "registry.keys.db");
  ServerProcess server(folder.path());
}

TEST(MasterKeyTest, ComesFromTheEnvironmentOrACredentialToo) {
  Folder folder, credentials;
  const std::string key = "0000000000000000000000000000000000000000000000000000000000000007";
  ServerProcess::Options options;
  options.environment["TSUNAGU_MASTER_KEY"] = key;
  { ServerProcess server(folder.path(), options); }
  EXPECT_FALSE(std::filesystem::exists(folder / "master.key"));
  WriteFile(credentials / "tsunagu-master-key", key);
  options.environment = {{"CREDENTIALS_DIRECTORY", credentials.path()}};
  { ServerProcess server(folder.path(), options); }
  EXPECT_FALSE(std::filesystem::exists(folder / "master.key"));
}

TEST(MasterKeyTest, ADatabaseServerNeedsOneAndSaysSo) {
  if (!HasMariadb()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set";
  Mariadb mariadb;
  MariadbRegistry registry(mariadb, "master");
  Folder folder;
  const Outcome outcome = RunToEnd({Binary("tsunagu-registry"), "--data-dir", folder.path(), "--listen", "127.0.0.1:0",
                                    "--database", mariadb.Url("master")});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("MASTER_KEY_MISSING"));
  EXPECT_THAT(outcome.errors, HasSubstr("tsunagu keys master"));
}

TEST(MasterKeyTest, AMissingKeySchemaIsMadeByMigrate) {
  if (!HasMariadb()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set";
  Mariadb mariadb;
  MariadbRegistry registry(mariadb, "lost");
  mariadb.Define("DROP DATABASE lost_registry_keys");
  mariadb.Define("DROP DATABASE lost_registry");
  mariadb.Define("CREATE DATABASE lost_registry CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
  std::vector<std::string> serve = {Binary("tsunagu-registry"), "--listen", "127.0.0.1:0"};
  serve.insert(serve.end(), registry.flags().begin(), registry.flags().end());
  const Outcome refused = RunToEnd(serve);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.errors, testing::AllOf(HasSubstr("registry keys"), HasSubstr("tsunagu migrate --apply"),
                                             testing::Not(HasSubstr("CREATE DATABASE"))));
  EXPECT_EQ(registry.Tool({"migrate", "--apply"}).code, 0);
  EXPECT_EQ(registry.Tool({"migrate", "--plan"}).output, "0 to apply (tsunagu migrate --apply)\n");
}

// `flags` are those of the commands.
void RotateUnderKills(ServerProcess& server, const std::string& key_file, const std::vector<std::string>& flags) {
  std::vector<std::string> nurses;
  for (int i = 0; i < 20; ++i) nurses.push_back(CreateNurse(server, absl::StrCat("見本 ", i))->name());
  const Outcome made = RunToEnd({Binary("tsunagu"), "keys", "master", "--add-to", key_file});
  ASSERT_EQ(made.code, 0) << made.errors;
  std::vector<std::string> rotate = {Binary("tsunagu"), "keys", "rotate"};
  rotate.insert(rotate.end(), flags.begin(), flags.end());
  for (const int row : {1, 2, 7, 16}) {
    Process killed(rotate, {{{"TSUNAGU_FAILPOINTS", absl::StrCat("keys.row_wrapped=kill:", row)}}, ""});
    EXPECT_EQ(killed.Wait(), -SIGKILL) << row;
    for (const std::string& nurse : nurses) ASSERT_EQ(NameOf(server, nurse).substr(0, 6), "見本") << row;
    ASSERT_TRUE(CreateNurse(server, "途中").ok()) << row;
  }
  const Outcome rotated = RunToEnd(rotate);
  ASSERT_EQ(rotated.code, 0) << rotated.errors;
  EXPECT_THAT(rotated.output, HasSubstr("The other lines may go"));
  // The old key is removed while the server runs.
  const std::vector<std::string> lines = absl::StrSplit(ReadFile(key_file), '\n');
  WriteFile(key_file, lines.front() + "\n");
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(CreateNurse(server, "あと").ok());
  for (const std::string& nurse : nurses) EXPECT_EQ(NameOf(server, nurse).substr(0, 6), "見本");
}

TEST(RotationTest, KilledAtAnyRowIsRunAgain) {
  Folder folder;
  std::string nurse;
  {
    ServerProcess server(folder.path());
    nurse = CreateNurse(server, "見本 花子")->name();
    RotateUnderKills(server, folder / "master.key", {"--services", "registry", "--data-dir", folder.path()});
  }
  ServerProcess server(folder.path());
  EXPECT_EQ(NameOf(server, nurse), "見本 花子");
}

TEST(RotationTest, OnADatabaseServer) {
  if (!HasMariadb()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set";
  Mariadb mariadb;
  MariadbRegistry registry(mariadb, "rotation");
  ServerProcess server(registry.data_dir(), registry.Options());
  RotateUnderKills(server, registry.master_key_file(), registry.flags());
}

Outcome Rotate(const std::string& data_dir, const std::vector<std::string>& flags = {}) {
  std::vector<std::string> command = {Binary("tsunagu"), "keys", "rotate", "--data-dir", data_dir};
  command.insert(command.end(), flags.begin(), flags.end());
  return RunToEnd(command);
}

TEST(RotationTest, SaysWhichServicesAreDoneAndWhenOtherLinesMayGo) {
  Folder folder;
  ServerProcess::Options options;
  options.command = {"tsunagu", "serve"};
  { ServerProcess server(folder.path(), options); }
  const Outcome single = Rotate(folder.path());
  EXPECT_EQ(single.code, 0) << single.errors;
  EXPECT_THAT(single.output,
              testing::AllOf(HasSubstr("Every key of registry, training, subsidy, matching is wrapped by"),
                             testing::Not(HasSubstr("other lines"))));
  ASSERT_EQ(RunToEnd({Binary("tsunagu"), "keys", "master", "--add-to", folder / "master.key"}).code, 0);
  const Outcome part = Rotate(folder.path(), {"--services", "registry"});
  EXPECT_EQ(part.code, 0) << part.errors;
  EXPECT_THAT(part.output,
              testing::AllOf(HasSubstr("Every key of registry is wrapped by"),
                             HasSubstr("have to stay until these are done too: training, subsidy, matching"),
                             testing::Not(HasSubstr("may go"))));
  EXPECT_THAT(Rotate(folder.path()).output, HasSubstr("The other lines may go"));
  // A folder of two services.
  std::filesystem::remove(folder / "matching.keys.db");
  EXPECT_THAT(Rotate(folder.path()).output, HasSubstr("Every key of registry, training, subsidy is wrapped by"));
  const Outcome absent = Rotate(folder.path(), {"--services", "matching"});
  EXPECT_EQ(absent.code, 1);
  EXPECT_THAT(absent.errors, HasSubstr(folder / "matching.keys.db"));
  EXPECT_FALSE(std::filesystem::exists(folder / "matching.keys.db"));
}

TEST(RotationTest, LeavesNothingInAnEmptyFolder) {
  Folder folder, keys;
  WriteFile(keys / "keys", std::string(63, '0') + "1\n");
  const Outcome outcome = Rotate(folder.path(), {"--master-key-file", keys / "keys"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, HasSubstr(folder / "registry.keys.db"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

absl::StatusOr<platform::v1::EraseDataSubjectResponse> Erase(ServerProcess& server, const std::string& subject) {
  platform::v1::EraseDataSubjectRequest request;
  request.set_parent("services/registry");
  request.set_subject(subject);
  request.set_request_id("erase-1");
  return server.Call<platform::v1::EraseDataSubjectResponse>("platform.v1.ErasureService/EraseDataSubject", request);
}

// Returns the names in the images of all her revisions.
std::string NamesInHistory(ServerProcess& server, const std::string& name) {
  platform::v1::ListRevisionsRequest request;
  request.set_parent("services/registry");
  request.set_resource_name(name);
  const auto page =
      server.Call<platform::v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
  if (!page.ok()) return std::string(page.status().message());
  std::string names;
  for (const auto& revision : page->revisions()) {
    Nurse nurse;
    revision.image().UnpackTo(&nurse);
    absl::StrAppend(&names, nurse.display_name(), ";");
  }
  return names;
}

void EraseUnderAKill(const std::string& data_dir, ServerProcess::Options options, const std::string& moment) {
  std::string nurse;
  {
    ServerProcess server(data_dir, options);
    nurse = CreateNurse(server, "見本 花子")->name();
    EXPECT_EQ(NamesInHistory(server, nurse), "見本 花子;");
  }
  {
    ServerProcess::Options killing = options;
    killing.environment["TSUNAGU_FAILPOINTS"] = moment;
    ServerProcess server(data_dir, killing);
    EXPECT_FALSE(Erase(server, nurse).ok());
    EXPECT_EQ(server.process().Wait(), -SIGKILL);
  }
  ServerProcess server(data_dir, options);
  const auto done = Erase(server, nurse);
  ASSERT_TRUE(done.ok()) << moment << done.status();
  EXPECT_EQ(NamesInHistory(server, nurse), ";;") << moment << ": one revision more, and only one";
  EXPECT_EQ(NameOf(server, nurse), "");
}

TEST(ErasureTest, KilledBetweenTheDatabasesIsFinished) {
  for (const char* moment : {"erasure.before_key=kill:1", "keys.after_erase=kill:1", "erasure.after_key=kill:1"}) {
    Folder folder;
    EraseUnderAKill(folder.path(), ServerProcess::Options(), moment);
  }
}

TEST(ErasureTest, KilledOnADatabaseServer) {
  if (!HasMariadb()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set";
  Mariadb mariadb;
  MariadbRegistry registry(mariadb, "erasure");
  EraseUnderAKill(registry.data_dir(), registry.Options(), "erasure.before_key=kill:1");
}

}  // namespace
}  // namespace tsunagu::process
