// What happens with a damaged file, and with one that cannot be opened.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/entropy.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/db/sqlite/sqlite_copy.h"
#include "common/db/sqlite/sqlite_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

using testing::HasSubstr;

constexpr int kPage = 4096, kRows = 3000;

class SqliteDamageTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder_);
    const auto database = Open();
    ASSERT_NE(database, nullptr);
    ASSERT_TRUE(database->Define("CREATE TABLE things (id BIGINT NOT NULL, word TEXT, PRIMARY KEY (id))").ok());
    ASSERT_TRUE(
        database
            ->Write(Soon(),
                    [](Session& session) -> absl::Status {
                      for (int64_t i = 0; i < kRows; ++i) {
                        RETURN_IF_ERROR(session.Execute("INSERT INTO things VALUES (?, ?)", {i, Word(i)}).status());
                      }
                      return absl::OkStatus();
                    })
            .ok());
  }
  ~SqliteDamageTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Database> Open() {
    absl::StatusOr<std::unique_ptr<Database>> opened = OpenSqlite({path_});
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  static Deadline Soon() { return Deadline::After(absl::Seconds(20)); }
  static std::string Word(int64_t i) { return absl::StrCat("word-", i, std::string(40, 'x')); }

  // Moves everything from the log into the file, as SQLite does in time.
  void Checkpoint() {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  int Pages() const { return static_cast<int>(std::filesystem::file_size(path_)) / kPage; }

  // Inverts the first bytes of a page, which describe its content.
  void Flip(int page) {
    const int file = open(path_.c_str(), O_RDWR | O_CLOEXEC);
    unsigned char bytes[8] = {};
    ASSERT_EQ(pread(file, bytes, sizeof(bytes), off_t{page} * kPage), 8);
    for (unsigned char& byte : bytes) byte ^= 0xff;
    ASSERT_EQ(pwrite(file, bytes, sizeof(bytes), off_t{page} * kPage), 8);
    close(file);
  }

  // Succeeds only when every row is as it was written.
  static absl::Status ReadAll(Database& database) {
    int64_t rows = 0;
    RETURN_IF_ERROR(database.Read(Soon(), [&](Session& session) {
      rows = 0;
      return session.Query("SELECT id, word FROM things ORDER BY id", {}, [&](const Row& row) {
        EXPECT_EQ(row.Integer(0), rows) << "a wrong row was served";
        EXPECT_EQ(row.Bytes(1), Word(rows)) << "a wrong row was served";
        ++rows;
        return absl::OkStatus();
      });
    }));
    EXPECT_EQ(rows, kRows) << "rows are missing and nobody says so";
    return absl::OkStatus();
  }

  const std::string folder_ = absl::StrCat(testing::TempDir(), "/", Base32(Entropy::System().Bytes(10)));
  const std::string path_ = folder_ + "/test.db";
};

TEST_F(SqliteDamageTest, EachDamagedPageIsFoundAtStart) {
  Checkpoint();
  ASSERT_GT(Pages(), 40);
  for (int page = 0; page < Pages(); ++page) {
    SCOPED_TRACE(page);
    Flip(page);
    const absl::Status status = OpenSqlite({path_}).status();
    EXPECT_EQ(ReasonOf(status), "DATABASE_DAMAGED"_reason) << status;
    EXPECT_THAT(TextForOperator(status), HasSubstr(path_));
    Flip(page);
  }
  EXPECT_TRUE(ReadAll(*Open()).ok()) << "all as it was";
}

TEST_F(SqliteDamageTest, APageDamagedWhileServingIsNeverServed) {
  const auto database = Open();
  Checkpoint();
  for (int page = 1; page < Pages(); ++page) Flip(page);
  const absl::Status status = ReadAll(*database);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_EQ(ReasonOf(status), "DATA_DAMAGED"_reason);
  const absl::Status written = database->Write(
      Soon(), [](Session& session) { return session.Execute("UPDATE things SET word = 'y' WHERE id = 7").status(); });
  EXPECT_EQ(ReasonOf(written), "DATA_DAMAGED"_reason) << written;
}

TEST_F(SqliteDamageTest, AFileCutShort) {
  Checkpoint();
  ASSERT_EQ(truncate(path_.c_str(), off_t{Pages() / 2} * kPage), 0);
  EXPECT_EQ(ReasonOf(OpenSqlite({path_}).status()), "DATABASE_DAMAGED"_reason);
}

TEST_F(SqliteDamageTest, HeldByAnotherProgram) {
  std::filesystem::remove(path_ + "-wal");
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE", nullptr, nullptr, nullptr),
            SQLITE_OK);
  EXPECT_EQ(ReasonOf(OpenSqlite({path_}).status()), "DATABASE_LOCKED"_reason);
  sqlite3_close(other);
}

TEST_F(SqliteDamageTest, ACopyHoldsEverythingInOneFile) {
  const auto database = Open();  // has rows that are only in its log
  const std::string copy = folder_ + "/backup/registry-1-schema.db";
  const absl::Status copied = CopySqlite(path_, copy);
  ASSERT_TRUE(copied.ok()) << copied;
  EXPECT_FALSE(std::filesystem::exists(copy + ".part"));
  const auto opened = OpenSqlite({copy});
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_TRUE(ReadAll(**opened).ok());
}

TEST_F(SqliteDamageTest, NothingIsLeftOfACopyThatCannotBeMade) {
  Checkpoint();
  Flip(Pages() / 2);  // copied unchanged, and detected by the check
  const absl::Status damaged = CopySqlite(path_, folder_ + "/backup/copy.db");
  EXPECT_EQ(damaged.code(), absl::StatusCode::kDataLoss) << damaged;
  EXPECT_TRUE(std::filesystem::is_empty(folder_ + "/backup"));
  const absl::Status nowhere = CopySqlite(path_, path_ + "/no/copy.db");
  EXPECT_THAT(std::string(nowhere.message()), HasSubstr("Not a directory"));
}

TEST_F(SqliteDamageTest, KeepsTheNewestCopies) {
  const std::string backup = folder_ + "/backup/";
  std::filesystem::create_directory(backup);
  for (const char* name : {"registry-1-schema.db", "registry-2-schema.db", "registry-3-schema.db",
                           "registry-4-schema.db", "matching-1-schema.db", "registry-0-other.db"}) {
    ASSERT_EQ(close(creat((backup + name).c_str(), 0600)), 0);
  }
  KeepNewest(backup, "registry-", "-schema.db", 3);
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(backup)) left.push_back(entry.path().filename());
  EXPECT_THAT(left,
              testing::UnorderedElementsAre("registry-2-schema.db", "registry-3-schema.db", "registry-4-schema.db",
                                            "matching-1-schema.db", "registry-0-other.db"));
}

}  // namespace
}  // namespace tsunagu::store
