#ifndef TSUNAGU_COMMON_DB_DATABASE_TESTING_H_
#define TSUNAGU_COMMON_DB_DATABASE_TESTING_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/deadline.h"
#include "common/base/entropy.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/db/database.h"
#include "common/db/mysql/mysql_testing.h"
#include "common/db/sqlite/sqlite_database.h"
#include "gtest/gtest.h"

namespace tsunagu::store {

// For tests only: an empty database of either engine with the table `things`. Skips when there is no MySQL server.
class DatabaseTest : public testing::TestWithParam<Dialect> {
 protected:
  static constexpr int kConnections = 8;

  void SetUp() override {
    if (GetParam() == Dialect::kMysql && !HasTestServer()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set";
    database_ = GetParam() == Dialect::kMysql ? Mysql() : Sqlite();
    ASSERT_NE(database_, nullptr);
    // Both engines accept these types; utf8mb4 comes from the schema.
    constexpr absl::string_view kTable[] = {
        "CREATE TABLE things "
        "(id VARCHAR(20) NOT NULL PRIMARY KEY, n BIGINT, word LONGTEXT, bytes LONGBLOB, code VARCHAR(20))",
        "CREATE UNIQUE INDEX u_things_code ON things (code)",
        "CREATE INDEX i_things_n ON things (n)",
    };
    for (const absl::string_view statement : kTable) {
      const absl::Status status = database_->Define(statement);
      ASSERT_TRUE(status.ok()) << status;
    }
  }

  void TearDown() override {
    database_.reset();
    schema_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::unique_ptr<Database> Sqlite() {
    std::filesystem::create_directory(folder_);
    absl::StatusOr<std::unique_ptr<Database>> opened =
        OpenSqlite({folder_ + "/test.db", /*max_batch=*/256, kConnections});
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  std::unique_ptr<Database> Mysql() {
    schema_.emplace();
    MysqlOptions options = schema_->options();
    options.pool_size = kConnections;
    absl::StatusOr<std::unique_ptr<Database>> opened = OpenMysql(options);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  static Deadline Soon() { return Deadline::After(absl::Seconds(30)); }

  absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> parameters = {}) {
    int64_t matched = -1;
    RETURN_IF_ERROR(database_->Write(Soon(), [&](Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(matched, session.Execute(sql, parameters));
      return absl::OkStatus();
    }));
    return matched;
  }

  // Returns every value as text, NULL as "-".
  std::vector<std::string> Select(absl::string_view sql, absl::Span<const Value> parameters = {}) {
    std::vector<std::string> cells;
    const absl::Status status = database_->Read(Soon(), [&](Session& session) {
      return session.Query(sql, parameters, [&](const Row& row) {
        cells.push_back(row.IsNull(0) ? "-" : row.Bytes(0));
        return absl::OkStatus();
      });
    });
    EXPECT_TRUE(status.ok()) << status;
    return cells;
  }

  const std::string folder_ = absl::StrCat(testing::TempDir(), "/", Base32(Entropy::System().Bytes(10)));
  std::optional<TestSchema> schema_;
  std::unique_ptr<Database> database_;
};

// For tests only: keeps a connection busy during its lifetime. `call` takes a body and runs it in Read or Write.
class Holder {
 public:
  explicit Holder(std::function<absl::Status(absl::FunctionRef<absl::Status(Session&)>)> call)
      : thread_([this, call] { EXPECT_TRUE(call([this](Session&) { return Hold(); }).ok()); }) {
    MutexLock lock(mutex_);
    while (!holding_) changed_.wait(mutex_);
  }
  ~Holder() {
    {
      MutexLock lock(mutex_);
      over_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

 private:
  absl::Status Hold() {
    MutexLock lock(mutex_);
    holding_ = true;
    changed_.notify_all();
    while (!over_) changed_.wait(mutex_);
    return absl::OkStatus();
  }

  Mutex mutex_;
  CondVar changed_;
  bool holding_ = false;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_DATABASE_TESTING_H_
