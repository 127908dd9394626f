#ifndef TSUNAGU_COMMON_DB_MYSQL_MYSQL_DATABASE_H_
#define TSUNAGU_COMMON_DB_MYSQL_MYSQL_DATABASE_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "common/db/mysql/mysql_interrupter.h"
#include "common/db/mysql/mysql_options.h"
#include "common/db/mysql/mysql_session.h"
#include "common/db/pool.h"

namespace tsunagu::store {

// A schema of MariaDB 10.11, MySQL 8 or later: READ COMMITTED, strict, utf8mb4 compared byte by byte. Thread-safe.
//
// A statement is stopped when its deadline is over. A server that does not answer is given up after 10 seconds, so a
// call may take its deadline plus 10 seconds. A statement waits at most 4 seconds for a lock. A transaction that lost a
// conflict is retried, up to 5 times with 50 ms base and full jitter, then the error is CONFLICT.
class MysqlDatabase : public Database {
 public:
  // `first`: a connection made with the same options, or none.
  explicit MysqlDatabase(MysqlOptions options, std::unique_ptr<MysqlSession> first = nullptr);

  absl::Status Read(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) override;
  absl::Status Write(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) override;
  // Runs on a separate connection with a timeout of an hour, because indexes of large tables take long.
  absl::Status Define(absl::string_view statement) override;
  absl::StatusOr<FoundTable> Describe(absl::string_view table) override;
  absl::StatusOr<std::vector<std::string>> ForeignObjects() override;
  Dialect dialect() const override { return Dialect::kMysql; }
  int most_at_once() const override { return options_.pool_size; }
  Load load() override;

 private:
  class Lease;
  struct Outcome {
    absl::Status status;
    bool conflict = false;
  };

  absl::StatusOr<Lease> Borrow(Deadline deadline, MysqlSession::Access access);
  absl::StatusOr<Lease> BorrowInTransaction(Deadline deadline);
  void Return(std::unique_ptr<MysqlSession> session);
  Outcome WriteOnce(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body);
  void Kill(int64_t connection);

  const MysqlOptions options_;
  Pool<MysqlSession> pool_;
  std::atomic<int64_t> retries_{0};
  std::unique_ptr<MysqlSession> killer_;  // used by the interrupter's thread
  MysqlInterrupter interrupter_{[this](int64_t connection) { Kill(connection); }};
};

// Connects once, so that a wrong address, password or server is reported at once. Errors, for the operator: those of
// MysqlSession::Connect and CheckServer.
absl::StatusOr<std::unique_ptr<Database>> OpenMysql(const MysqlOptions& options);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MYSQL_MYSQL_DATABASE_H_
