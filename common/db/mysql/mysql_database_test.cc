#include "common/db/mysql/mysql_database.h"
#include "common/base/clock.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/db/mysql/mysql_testing.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

class MysqlDatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasTestServer()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set";
    schema_ = std::make_unique<TestSchema>();
    database_ = std::make_unique<MysqlDatabase>(schema_->options());
    ASSERT_TRUE(database_->Define("CREATE TABLE things (id VARCHAR(20) PRIMARY KEY, n BIGINT)").ok());
  }

  static Deadline Soon() { return Deadline::After(absl::Seconds(20)); }

  static absl::StatusOr<int64_t> Ask(Session& session, absl::string_view sql) {
    int64_t answer = -1;
    RETURN_IF_ERROR(session.Query(sql, {}, [&](const Row& row) {
      answer = row.Integer(0);
      return absl::OkStatus();
    }));
    return answer;
  }

  int64_t Count() {
    int64_t count = -1;
    const absl::Status status = database_->Read(Soon(), [&](Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(count, Ask(session, "SELECT COUNT(*) FROM things"));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return count;
  }

  absl::Status Insert(absl::string_view id) {
    return database_->Write(
        Soon(), [&](Session& session) { return session.Execute("INSERT INTO things VALUES (?, 0)", {id}).status(); });
  }

  // Kills `connection` from another connection.
  absl::Status Kill(int64_t connection) {
    return schema_->server().Define(absl::StrCat("KILL CONNECTION ", connection));
  }

  std::unique_ptr<TestSchema> schema_;
  std::unique_ptr<MysqlDatabase> database_;
};

// The connector's own commit() would report success here.
TEST_F(MysqlDatabaseTest, ConnectionKilledBeforeCommitIsUnknownAndRecovers) {
  const absl::Status status = database_->Write(Soon(), [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(session.Execute("INSERT INTO things VALUES ('a', 0)").status());
    ASSIGN_OR_RETURN(const int64_t connection, Ask(session, "SELECT CONNECTION_ID()"));
    return Kill(connection);
  });
  EXPECT_EQ(ReasonOf(status), "COMMIT_UNKNOWN"_reason) << status;
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(Insert("b").ok());
  EXPECT_EQ(Count(), 1);
}

TEST_F(MysqlDatabaseTest, ConnectionKilledBetweenStatementsStoresNothingEvenIfTheBodyGoesOn) {
  const absl::Status status = database_->Write(Soon(), [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(session.Execute("INSERT INTO things VALUES ('a', 0)").status());
    ASSIGN_OR_RETURN(const int64_t connection, Ask(session, "SELECT CONNECTION_ID()"));
    RETURN_IF_ERROR(Kill(connection));
    EXPECT_FALSE(session.Execute("INSERT INTO things VALUES ('b', 0)").ok());
    EXPECT_FALSE(session.Execute("INSERT INTO things VALUES ('c', 0)").ok());
    return absl::OkStatus();
  });
  EXPECT_EQ(ReasonOf(status), "DATABASE_UNAVAILABLE"_reason) << status;
  EXPECT_EQ(Count(), 0);
}

TEST_F(MysqlDatabaseTest, WriteDoesNotNoticeAConnectionThatDiedInThePool) {
  int64_t connection = 0;
  ASSERT_TRUE(database_
                  ->Read(Soon(),
                         [&](Session& session) -> absl::Status {
                           ASSIGN_OR_RETURN(connection, Ask(session, "SELECT CONNECTION_ID()"));
                           return absl::OkStatus();
                         })
                  .ok());
  ASSERT_TRUE(Kill(connection).ok());
  EXPECT_TRUE(Insert("a").ok());
}

TEST_F(MysqlDatabaseTest, ReadDoesNotNoticeAConnectionThatDiedInThePool) {
  int64_t connection = 0;
  const auto ask = [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(connection, Ask(session, "SELECT CONNECTION_ID()"));
    return absl::OkStatus();
  };
  ASSERT_TRUE(database_->Read(Soon(), ask).ok());
  const int64_t first = connection;
  ASSERT_TRUE(Kill(first).ok());
  int runs = 0;
  const absl::Status status = database_->Read(Soon(), [&](Session& session) {
    ++runs;
    return ask(session);
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
  EXPECT_NE(connection, first);
}

TEST_F(MysqlDatabaseTest, ReadThatHasSeenSomethingIsNotRunAgain) {
  ASSERT_EQ(Count(), 0);  // a connection in the pool
  int runs = 0;
  const absl::Status status = database_->Read(Soon(), [&](Session& session) -> absl::Status {
    ++runs;
    ASSIGN_OR_RETURN(const int64_t connection, Ask(session, "SELECT CONNECTION_ID()"));
    RETURN_IF_ERROR(Kill(connection));
    return Ask(session, "SELECT 1").status();
  });
  EXPECT_EQ(ReasonOf(status), "DATABASE_UNAVAILABLE"_reason) << status;
  EXPECT_EQ(runs, 1);
}

// Two transactions lock two rows in opposite order; each waits for the other, so the server has to end one of them.
TEST_F(MysqlDatabaseTest, DeadlockIsRunAgain) {
  ASSERT_TRUE(Insert("a").ok());
  ASSERT_TRUE(Insert("b").ok());
  Mutex mutex;
  CondVar changed;
  int holding = 0;
  std::atomic<int> runs{0};
  auto add = [&](absl::string_view first, absl::string_view second) {
    constexpr absl::string_view kAdd = "UPDATE things SET n = n + 1 WHERE id = ?";
    bool met = false;
    return database_->Write(Soon(), [&](Session& session) -> absl::Status {
      ++runs;
      RETURN_IF_ERROR(session.Execute(kAdd, {first}).status());
      if (!std::exchange(met, true)) {
        MutexLock lock(mutex);
        ++holding;
        changed.notify_all();
        while (holding < 2) changed.wait(mutex);
      }
      return session.Execute(kAdd, {second}).status();
    });
  };
  absl::Status other;
  std::thread thread([&] { other = add("b", "a"); });
  const absl::Status one = add("a", "b");
  thread.join();
  EXPECT_TRUE(one.ok()) << one;
  EXPECT_TRUE(other.ok()) << other;
  EXPECT_GE(runs, 3);
  int64_t sum = 0;
  ASSERT_TRUE(database_
                  ->Read(Soon(),
                         [&](Session& session) -> absl::Status {
                           ASSIGN_OR_RETURN(sum, Ask(session, "SELECT SUM(n) FROM things"));
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_EQ(sum, 4);
}

TEST_F(MysqlDatabaseTest, TransactionSeesWhatOthersCommitMeanwhile) {
  const absl::Status status = database_->Write(Soon(), [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t before, Ask(session, "SELECT COUNT(*) FROM things"));
    RETURN_IF_ERROR(Insert("a"));
    ASSIGN_OR_RETURN(const int64_t after, Ask(session, "SELECT COUNT(*) FROM things"));
    EXPECT_EQ(after, before + 1);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(MysqlDatabaseTest, RefusesToCutLongText) {
  EXPECT_TRUE(absl::IsInternal(Insert("twenty-one characters")));
  EXPECT_EQ(Count(), 0);
}

TEST_F(MysqlDatabaseTest, WithAnAuthorityAPlainServerIsNotTalkedTo) {
  MysqlOptions options = schema_->options();
  options.ssl_ca = "/etc/ssl/certs/ca-certificates.crt";
  EXPECT_TRUE(absl::IsUnavailable(OpenMysql(options).status()));
}

TEST(OpenMysqlTest, NobodyThere) {
  MysqlOptions options;
  options.port = 1;
  options.password = "secret";
  const absl::Status status = OpenMysql(options).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(status.message().find("secret"), absl::string_view::npos);
}

}  // namespace
}  // namespace tsunagu::store
