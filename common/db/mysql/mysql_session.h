#ifndef TSUNAGU_COMMON_DB_MYSQL_MYSQL_SESSION_H_
#define TSUNAGU_COMMON_DB_MYSQL_MYSQL_SESSION_H_

#include <memory>

#include "absl/functional/function_ref.h"
#include "common/base/deadline.h"
#include "common/db/database.h"
#include "common/db/mysql/mysql_error.h"
#include "common/db/mysql/mysql_interrupter.h"
#include "common/db/mysql/mysql_options.h"
#include "common/db/statement_cache.h"
#include "cppconn/connection.h"
#include "cppconn/prepared_statement.h"
#include "cppconn/statement.h"

namespace tsunagu::store {

// One connection with its prepared statements. Used by one thread at a time. No exception of the connector leaves this
// class.
//
// After an error that ended the transaction or the connection, each further statement returns that error again, so that
// a body which ignores it cannot continue outside its transaction.
class MysqlSession : public Session {
 public:
  enum class Access { kRead, kWrite };

  // Gives up a server that does not answer a statement within `read_timeout`. The client library needs to know each
  // thread that uses a session; this call registers the calling thread. Errors, for the operator:
  // DATABASE_LOGIN_REFUSED, DATABASE_SCHEMA_MISSING, DATABASE_NOT_REACHED.
  static absl::StatusOr<std::unique_ptr<MysqlSession>> Connect(const MysqlOptions& options, Deadline deadline,
                                                               absl::Duration read_timeout);

  ~MysqlSession() override;

  // Prepares the session for the next call: statements are refused after `deadline`, and writing statements without
  // Access::kWrite.
  void Lend(Deadline deadline, Access access);

  absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> parameters) override;
  absl::Status Query(absl::string_view sql, absl::Span<const Value> parameters,
                     absl::FunctionRef<absl::Status(const Row&)> each) override;
  absl::Status Snapshot(absl::FunctionRef<absl::Status()> body) override;
  void BoundWork(absl::Duration most) override { work_left_ = most; }
  Dialect dialect() const override { return Dialect::kMysql; }

  // Runs a statement that is not prepared and returns no rows: transactions, definitions.
  absl::Status Run(absl::string_view sql);

  absl::Status Begin();
  // Errors: COMMIT_UNKNOWN unless the server confirms that it has committed or rolled back.
  absl::Status Commit();
  // Rolls back an open transaction and clears its errors. Returns false when the connection must not be used again.
  bool Reset();

  // What happened to the transaction or the connection, and the error that caused it.
  MysqlFate fate() const { return fate_; }
  const absl::Status& error() const { return error_; }
  SteadyTime::Point lent() const { return lent_; }
  // Whether the server has answered a query since Lend.
  bool answered() const { return answered_; }
  // The statement that an interrupter watches while the session is lent.
  const std::shared_ptr<RunningStatement>& running() const { return running_; }

 private:
  explicit MysqlSession(std::unique_ptr<sql::Connection> connection);
  absl::Status Call(absl::FunctionRef<void()> call);
  // Runs a statement until its deadline, and within the limit of BoundWork.
  absl::Status CallInTime(absl::FunctionRef<void()> call);
  absl::Status Late() const;
  absl::StatusOr<std::unique_ptr<sql::PreparedStatement>> Prepare(absl::string_view sql,
                                                                  absl::Span<const Value> parameters);

  std::unique_ptr<sql::Connection> connection_;
  std::unique_ptr<sql::Statement> plain_;
  StatementCache<sql::PreparedStatement> statements_;
  std::shared_ptr<RunningStatement> running_;
  Deadline deadline_;
  absl::Duration work_left_ = absl::InfiniteDuration();
  SteadyTime::Point lent_{};
  Access access_ = Access::kWrite;
  bool in_transaction_ = false;
  bool answered_ = false;
  MysqlFate fate_ = MysqlFate::kStatement;
  absl::Status error_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MYSQL_MYSQL_SESSION_H_
