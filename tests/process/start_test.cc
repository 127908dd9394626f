// How servers start, and the errors if they cannot.
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

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
  EXPECT_THAT(second.errors, AllOf(HasSubstr(folder.path()), HasSubstr("is in use by another server")));
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
  EXPECT_THAT(outcome.errors, AllOf(HasSubstr("There is no service training. Services: registry")));
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

Outcome Start(const std::string& binary, const std::string& folder) {
  return RunToEnd({Binary(binary), "--data-dir", folder, "--listen", "127.0.0.1:0"});
}

void Move(const std::string& from, const std::string& to) {
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
}

void RemoveDatabase(const std::string& file) {
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file + end);
}

// Replaces a registry's database with all files that belong to it.
void MoveRegistry(const Folder& from, const std::string& to) {
  for (const char* name : {"/registry.db", "/registry.keys.db"}) Move(from.path() + name, to + name);
  const std::string keys = ReadFile(from / "master.key");  // before the existing ones
  const bool has_own = std::filesystem::exists(to + "/master.key");
  WriteFile(to + "/master.key", absl::StrCat(keys, has_own ? ReadFile(to + "/master.key") : ""));
  std::filesystem::remove_all(to + "/checkpoints");  // they belong to the replaced database
}

// Prepares a folder in which both services have run.
void Prepare(const std::string& folder) {
  ServerProcess::Options options;
  options.command = {"tsunagu", "serve"};
  ServerProcess server(folder, options);
  const auto made = server.Call<registry::v1::Facility>(kCreateFacility, FacilityRequest("kita"));
  EXPECT_TRUE(made.ok()) << made.status();
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(), 0);
}

TEST(StartTest, ADatabaseInTheWrongPlaceIsRefusedAndLeftAsItIs) {
  Folder folder;
  Prepare(folder.path());
  std::filesystem::remove(folder / "matching.db");
  Move(folder / "registry.db", folder / "matching.db");
  const std::string before = ReadFile(folder / "matching.db");
  const Outcome outcome = Start("tsunagu-matching", folder.path());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors, AllOf(HasSubstr("DATABASE_OF_ANOTHER_SERVICE"), HasSubstr(folder / "matching.db"),
                                    HasSubstr("is the database of registry and cannot serve matching")));
  EXPECT_EQ(ReadFile(folder / "matching.db"), before);
}

TEST(StartTest, ADatabaseOfAnotherFolderIsRefusedUntilItIsAdopted) {
  Folder one, other, empty;
  Prepare(one.path());
  Prepare(other.path());
  for (const std::string& folder : {other.path(), empty.path()}) {
    SCOPED_TRACE(folder);
    MoveRegistry(one, folder);
    const Outcome refused = Start("tsunagu-registry", folder);
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.errors,
                AllOf(HasSubstr("DATABASE_OF_ANOTHER_INSTALLATION"), HasSubstr(folder), HasSubstr("tsunagu adopt")));
    const Outcome adopted = RunToEnd({Binary("tsunagu"), "adopt", "--data-dir", folder, "--services", "registry"});
    EXPECT_EQ(adopted.code, 0) << adopted.errors;
    EXPECT_THAT(adopted.output, HasSubstr("2 adopted"));
    ServerProcess server(folder);
    EXPECT_EQ(FacilityCount(server), 1);
  }
}

TEST(StartTest, AForeignKeyStoreIsRefusedUntilItIsAdopted) {
  Folder one, other;
  Prepare(one.path());
  Prepare(other.path());
  RemoveDatabase(other / "registry.keys.db");
  Move(one / "registry.keys.db", other / "registry.keys.db");
  const Outcome refused = Start("tsunagu-registry", other.path());
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("DATABASE_OF_ANOTHER_INSTALLATION"),
                                    HasSubstr(other / "registry.keys.db"), HasSubstr("tsunagu adopt")));
  const Outcome adopted = RunToEnd({Binary("tsunagu"), "adopt", "--data-dir", other.path()});
  EXPECT_THAT(adopted.output, HasSubstr("8 adopted")) << adopted.errors;
  EXPECT_THAT(Start("tsunagu-registry", other.path()).errors, HasSubstr("MASTER_KEY_WRONG"));
}

TEST(StartTest, ALostDatabaseIsNotBegunAnew) {
  Folder folder;
  Prepare(folder.path());
  const std::string note = ReadFile(folder / "installation");
  EXPECT_THAT(note, testing::EndsWith("\nregistry\ntraining\nsubsidy\nmatching\n"));
  RemoveDatabase(folder / "registry.db");
  const Outcome lost = Start("tsunagu-registry", folder.path());
  EXPECT_EQ(lost.code, 1);
  EXPECT_THAT(lost.errors, AllOf(HasSubstr("DATABASE_MISSING"), HasSubstr(folder / "registry.db"),
                                 HasSubstr(folder / "installation")))
      << "whatever the checkpoints say";
  std::filesystem::remove_all(folder / "checkpoints");
  EXPECT_THAT(Start("tsunagu-registry", folder.path()).errors, HasSubstr("DATABASE_MISSING"));
  for (const char* how : {"--plan", "--apply"}) {
    const Outcome migrated = RunToEnd({Binary("tsunagu"), "migrate", how, "--data-dir", folder.path()});
    EXPECT_THAT(migrated.errors, HasSubstr("DATABASE_MISSING")) << how;
  }
  const Outcome adopted = RunToEnd({Binary("tsunagu"), "adopt", "--data-dir", folder.path()});
  EXPECT_THAT(adopted.output, HasSubstr("7 adopted")) << adopted.errors;
  EXPECT_FALSE(std::filesystem::exists(folder / "registry.db"));
  EXPECT_EQ(ReadFile(folder / "installation"), note);
  // Follows the instructions of the message.
  WriteFile(folder / "installation", note.substr(0, note.find('\n')) + "\ntraining\nmatching\n");
  ServerProcess server(folder.path());
  EXPECT_EQ(FacilityCount(server), 0);
}

TEST(StartTest, AnOlderNoteOfTheFolderIsCompleted) {
  Folder folder;
  Prepare(folder.path());
  const std::string note = ReadFile(folder / "installation");
  WriteFile(folder / "installation", note.substr(0, note.find('\n') + 1));
  {
    ServerProcess server(folder.path());
    EXPECT_EQ(FacilityCount(server), 1);
  }
  EXPECT_EQ(ReadFile(folder / "installation"), note.substr(0, note.find('\n')) + "\nregistry\n");
}

TEST(StartTest, AFolderInPlaceOfAFileIsNamed) {
  Folder folder;
  const std::string wrong = folder / "wrong";
  std::filesystem::create_directory(wrong);
  const std::vector<std::string> serve = {"serve", "--data-dir", folder / "data", "--listen", "127.0.0.1:0"};
  auto with = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), serve.begin(), serve.end());
    return flags;
  };
  const std::vector<std::vector<std::string>> commands = {
      with({"--master-key-file", wrong}),
      with({"--peer-key-file", wrong}),
      with({"--config", wrong}),
      {"keys", "master", "--add-to", wrong},
      {"verify-journal", "--data-dir", folder / "ready", "--checkpoints", wrong},
  };
  Prepare(folder / "ready");
  auto expect_named = [](std::vector<std::string> command, const std::string& path) {
    command.insert(command.begin(), Binary("tsunagu"));
    const Outcome outcome = RunToEnd(command);
    EXPECT_GT(outcome.code, 0) << command[1] << " " << command.back() << outcome.errors;
    EXPECT_THAT(outcome.errors, AllOf(HasSubstr("FILE_NOT_READABLE"), HasSubstr(path), HasSubstr("Is a directory")));
  };
  for (const auto& command : commands) expect_named(command, wrong);
  const std::string checkpoints = folder / "ready/checkpoints/registry.checkpoints";
  std::filesystem::remove(checkpoints);
  std::filesystem::create_directory(checkpoints);
  expect_named({"serve", "--data-dir", folder / "ready", "--listen", "127.0.0.1:0"}, checkpoints);
}

TEST(StartTest, ADamagedDatabaseIsNamed) {
  Folder folder;
  Prepare(folder.path());
  std::filesystem::resize_file(folder / "registry.db", 8192);
  const Outcome outcome = Start("tsunagu-registry", folder.path());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, AllOf(HasSubstr("DATABASE_DAMAGED"), HasSubstr(folder / "registry.db"),
                                    HasSubstr("Restore it from a backup")));
}

TEST(StartTest, AFileThatIsNoDatabaseIsNamed) {
  Folder folder;
  WriteFile(folder / "registry.db", std::string(10'000, 'x'));
  const Outcome outcome = Start("tsunagu-registry", folder.path());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, AllOf(HasSubstr("DATABASE_DAMAGED"), HasSubstr(folder / "registry.db")));
}

// Not even root can write to a read-only file system, and nobody can write to a full one.
class Mount {
 public:
  Mount(const std::string& path, const std::string& size) : path_(path) {
    std::filesystem::create_directories(path);
    mounted_ = mount("tsunagu", path.c_str(), "tmpfs", 0, absl::StrCat("size=", size).c_str()) == 0;
  }
  ~Mount() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  void MakeReadOnly() { EXPECT_EQ(mount("tsunagu", path_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0); }

 private:
  const std::string path_;
  bool mounted_ = false;
};

TEST(StartTest, AFolderThatCannotBeWrittenToIsNamed) {
  Folder folder;
  Mount files(folder / "data", "32m");
  if (!files.mounted()) GTEST_SKIP() << "needs to mount a tmpfs: run as root";
  Prepare(folder / "data");
  files.MakeReadOnly();
  const Outcome outcome = Start("tsunagu-registry", folder / "data");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, AllOf(HasSubstr("DATA_FOLDER_READ_ONLY"), HasSubstr(folder / "data")));
}

// Makes the schema like that of an earlier version, without a column.
void DropColumn(const std::string& file) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "ALTER TABLE facilities DROP COLUMN note", nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
}

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> names;
  if (!std::filesystem::exists(folder)) return names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

TEST(StartTest, MigratesByItselfAfterTakingACopy) {
  Folder folder;
  Prepare(folder.path());
  EXPECT_THAT(FilesIn(folder / "backup"), testing::IsEmpty()) << "nothing was there to copy";
  for (int round = 1; round <= 4; ++round) {
    DropColumn(folder / "registry.db");
    ServerProcess server(folder.path());
    EXPECT_EQ(FacilityCount(server), 1);
    EXPECT_THAT(FilesIn(folder / "backup"), testing::SizeIs(std::min(round, 3)));
  }
  const std::string copy = FilesIn(folder / "backup").back();
  EXPECT_THAT(copy, AllOf(testing::StartsWith("registry-20"), testing::EndsWith("Z-schema.db")));
  struct stat status = {};
  ASSERT_EQ(stat((folder / "backup/" + copy).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u) << "it holds personal data";
  // The copy has the state before and can be restored.
  Move(folder / "backup/" + copy, folder / "registry.db");
  std::filesystem::remove(folder / "registry.db-wal");
  ServerProcess server(folder.path());
  EXPECT_EQ(FacilityCount(server), 1);
}

TEST(StartTest, WithoutRoomForTheCopyNothingIsChanged) {
  Folder folder;
  Mount files(folder / "data", "32m");
  if (!files.mounted()) GTEST_SKIP() << "needs to mount a tmpfs: run as root";
  Prepare(folder / "data");
  DropColumn(folder / "data/registry.db");
  // There is space to open it, but not for a second one.
  const std::string filler = folder / "data/filler";
  const uintmax_t size = std::filesystem::file_size(folder / "data/registry.db");
  const uintmax_t room = std::filesystem::space(folder / "data").available;
  ASSERT_GT(room, size / 2);
  WriteFile(filler, std::string(room - size / 2, 'x'));
  const Outcome refused = Start("tsunagu-registry", folder / "data");
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("NO_COPY_BEFORE_MIGRATION"), HasSubstr("backup/registry-"),
                                    HasSubstr("Nothing was changed")));
  EXPECT_THAT(FilesIn(folder / "data/backup"), testing::IsEmpty());
  std::filesystem::remove(filler);
  const Outcome plan = RunToEnd({Binary("tsunagu"), "migrate", "--plan", "--data-dir", folder / "data"});
  EXPECT_THAT(plan.output, HasSubstr("ADD COLUMN `note`")) << "still to be done";
  ServerProcess server(folder / "data");
  EXPECT_EQ(FacilityCount(server), 1);
}

}  // namespace
}  // namespace tsunagu::process
