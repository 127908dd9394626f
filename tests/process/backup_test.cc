// tsunagu backup: a copy of a running server's data; damage of any byte is detected; the copy can be restored.
#include <signal.h>

#include <atomic>
#include <filesystem>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/deadline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"

namespace tsunagu::process {
namespace {

using registry::v1::Facility;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class BackupTest : public testing::Test {
 protected:
  static ServerProcess::Options Suite() {
    ServerProcess::Options options;
    options.command = {"tsunagu", "serve"};
    return options;
  }
  static Outcome Backup(std::vector<std::string> rest, const std::string& failpoints = "") {
    rest.insert(rest.begin(), {Binary("tsunagu"), "backup"});
    Process::Options options;
    if (!failpoints.empty()) options.environment["TSUNAGU_FAILPOINTS"] = failpoints;
    return RunToEnd(std::move(rest), options);
  }
  Outcome Create(const std::string& failpoints = "") const {
    return Backup({"create", copy_, "--keys", keys_, "--data-dir", data_}, failpoints);
  }
  Outcome Verify() const { return Backup({"verify", copy_, "--keys", keys_}); }
  // Creates an installation with some facilities, whose server has stopped.
  void MakeData(int facilities) const {
    ServerProcess server(data_, Suite());
    for (int i = 0; i < facilities; ++i) {
      ASSERT_TRUE(server.Call<Facility>(kCreateFacility, FacilityRequest(absl::StrCat("f", i))).ok());
    }
    server.process().Signal(SIGTERM);
    ASSERT_EQ(server.process().Wait(), 0);
  }
  static std::vector<std::string> FilesOf(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (!entry.is_directory()) files.push_back(entry.path().string());
    }
    return files;
  }
  static void Flip(const std::string& file, size_t at) {
    std::string text = ReadFile(file);
    text[at] ^= 0x01;
    WriteFile(file, text);
  }

  Folder folder_;
  const std::string data_ = folder_ / "data", copy_ = folder_ / "copy", keys_ = folder_ / "keys";
};

TEST_F(BackupTest, BesideEightWritersItEndsAndIsWhole) {
  constexpr int kBefore = 200;
  MakeData(kBefore);
  int written = 0;
  {
    ServerProcess server(data_, Suite());
    std::atomic<bool> stop{false};
    std::atomic<int> acknowledged{0}, failed{0};
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 8; ++writer) {
      writers.emplace_back([&, writer] {
        for (int i = 0; !stop; ++i) {
          const auto made = server.Call<Facility>(kCreateFacility, FacilityRequest(absl::StrCat("w", writer, "-", i)));
          made.ok() ? ++acknowledged : ++failed;
        }
      });
    }
    const Deadline patience = Deadline::After(kPatience);
    while (acknowledged < 50 && !patience.Over()) std::this_thread::yield();
    written = acknowledged;
    const Outcome made = Create();
    const int meanwhile = acknowledged - written;
    stop = true;
    for (std::thread& writer : writers) writer.join();
    EXPECT_EQ(made.code, 0) << made.errors;
    EXPECT_GT(meanwhile, 0) << "nobody was held up";
    EXPECT_EQ(failed, 0);
  }
  const Outcome verified = Verify();
  EXPECT_EQ(verified.code, 0) << verified.output << verified.errors;
  EXPECT_THAT(verified.output, HasSubstr("as it was copied"));
  for (const std::string& file : FilesOf(copy_)) EXPECT_THAT(file, Not(HasSubstr(".keys.db")));

  // The keys are stored separately, and so is the master key.
  const std::string fresh = folder_ / "fresh";
  const Outcome restored = Backup({"restore", copy_, "--keys", keys_, "--data-dir", fresh});
  ASSERT_EQ(restored.code, 0) << restored.errors;
  std::filesystem::copy_file(data_ + "/master.key", fresh + "/master.key");
  ServerProcess server(fresh, Suite());
  EXPECT_GE(FacilityCount(server), kBefore + written) << "all that was acknowledged before the copy was begun";
  EXPECT_TRUE(server.Call<Facility>(kCreateFacility, FacilityRequest("after")).ok());
}

TEST_F(BackupTest, AChangedByteAnywhereIsFound) {
  MakeData(5);
  ASSERT_EQ(Create().code, 0);
  ASSERT_EQ(Verify().code, 0);
  std::mt19937 random(20261128);
  std::vector<std::string> files = FilesOf(copy_);
  for (const std::string& file : FilesOf(keys_)) files.push_back(file);
  ASSERT_GE(files.size(), 8u);
  for (const std::string& file : files) {
    for (int i = 0; i < 4; ++i) {
      const size_t at = random() % std::filesystem::file_size(file);
      Flip(file, at);
      EXPECT_EQ(Verify().code, 1) << file << " at " << at;
      Flip(file, at);
    }
  }
  EXPECT_EQ(Verify().code, 0) << "and it has changed nothing itself";
  std::filesystem::rename(copy_ + "/matching.db", folder_ / "away");
  EXPECT_THAT(Verify().output, HasSubstr("matching.db: the file is missing"));
  std::filesystem::rename(folder_ / "away", copy_ + "/matching.db");
  WriteFile(copy_ + "/registry.db-wal", "what SQLite would take for a log");
  EXPECT_THAT(Verify().output, HasSubstr("registry.db-wal: the file is not one of the backup's"));
}

TEST_F(BackupTest, KilledOnTheWayNothingTakesTheName) {
  MakeData(5);
  for (const char* failpoint : {"backup.before_manifest=kill", "backup.before_rename=kill"}) {
    SCOPED_TRACE(failpoint);
    EXPECT_EQ(Create(failpoint).code, -SIGKILL);
    EXPECT_FALSE(std::filesystem::exists(copy_));
    EXPECT_FALSE(std::filesystem::exists(keys_));
    EXPECT_THAT(Verify().errors, HasSubstr("BACKUP_INCOMPLETE"));
    const Outcome again = Create();
    EXPECT_EQ(again.code, 1);
    EXPECT_THAT(again.errors, HasSubstr(copy_ + ".part"));
    std::filesystem::remove_all(copy_ + ".part");
    std::filesystem::remove_all(keys_ + ".part");
  }
  ASSERT_EQ(Create().code, 0);
  const std::string fresh = folder_ / "fresh";
  EXPECT_EQ(Backup({"restore", copy_, "--data-dir", fresh}, "restore.before_rename=kill").code, -SIGKILL);
  EXPECT_FALSE(std::filesystem::exists(fresh));
}

TEST_F(BackupTest, IsRefused) {
  MakeData(1);
  const auto error = [](const Outcome& outcome) {
    EXPECT_EQ(outcome.code, 1) << outcome.output;
    return outcome.errors;
  };
  EXPECT_THAT(error(Backup({"create", copy_, "--keys", copy_ + "/keys", "--data-dir", data_})),
              HasSubstr("BACKUP_KEYS_NOT_APART"));
  EXPECT_THAT(error(Backup({"create", copy_, "--database", "mysql://root@127.0.0.1:1/x", "--data-dir", data_})),
              HasSubstr("mariadb-dump --single-transaction"));
  EXPECT_THAT(error(Backup({"create", folder_ / "no/where", "--data-dir", data_})), HasSubstr("BACKUP_FAILED"));
  EXPECT_THAT(error(Backup({"verify", data_})), HasSubstr("BACKUP_INCOMPLETE"));
  ASSERT_EQ(Create().code, 0);
  EXPECT_THAT(error(Create()), HasSubstr("BACKUP_EXISTS"));
  EXPECT_THAT(error(Backup({"restore", copy_, "--data-dir", data_})), HasSubstr("BACKUP_EXISTS"));
  EXPECT_EQ(Verify().code, 0) << "what is there is left alone";

  const std::string fresh = folder_ / "fresh";
  Flip(copy_ + "/registry.db", 40'000);
  EXPECT_THAT(error(Backup({"restore", copy_, "--data-dir", fresh})), HasSubstr("BACKUP_DAMAGED"));
  EXPECT_FALSE(std::filesystem::exists(fresh));

  std::filesystem::remove(data_ + "/matching.db");
  EXPECT_THAT(error(Backup({"create", folder_ / "partly", "--data-dir", data_})), HasSubstr("DATABASE_MISSING"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "partly.part"));
}

}  // namespace
}  // namespace tsunagu::process
