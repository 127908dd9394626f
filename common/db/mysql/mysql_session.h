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

// One connection with its prepared statements. Used by one thread at a time. Exceptions of the connector end here.
//
// After an error that ended the transaction or the connection each further statement repeats that error, so that a
// body which overlooks it cannot go on outside its transaction.
class MysqlSession : public Session {
 public:
  enum class Access { kRead, kWrite };

  // A server that does not answer a statement for as long as `read_timeout` is given up. The calling thread, as
  // every thread that uses a session, is made known to the client library.
  // Errors are for the operator: DATABASE_LOGIN_REFUSED, DATABASE_SCHEMA_MISSING, DATABASE_NOT_REACHED.
  static absl::StatusOr<std::unique_ptr<MysqlSession>> Connect(const MysqlOptions& options, Deadline deadline,
                                                               absl::Duration read_timeout);

  ~MysqlSession() override;

  // From here on for this call: statements are refused after `deadline`, and writing ones where not allowed.
  void Lend(Deadline deadline, Access access);

  absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> parameters) override;
  absl::Status Query(absl::string_view sql, absl::Span<const Value> parameters,
                     absl::FunctionRef<absl::Status(const Row&)> each) override;
  absl::Status Snapshot(absl::FunctionRef<absl::Status()> body) override;
  void BoundWork(absl::Duration most) override { work_left_ = most; }
  Dialect dialect() const override { return Dialect::kMysql; }

  // A statement that is not prepared and returns no rows: transactions, definitions.
  absl::Status Run(absl::string_view sql);

  absl::Status Begin();
  // COMMIT_UNKNOWN unless the server says that it has committed or rolled back.
  absl::Status Commit();
  // Rolls back what is open, and forgets errors that are over with it. False: the connection is not to be used again.
  bool Reset();

  // What has become of the transaction or the connection, and the error that did it.
  MysqlFate fate() const { return fate_; }
  const absl::Status& error() const { return error_; }
  SteadyTime::Point lent() const { return lent_; }
  // The server has answered a query since it was lent.
  bool answered() const { return answered_; }
  // What an interrupter watches while the session is lent.
  const std::shared_ptr<RunningStatement>& running() const { return running_; }

 private:
  explicit MysqlSession(std::unique_ptr<sql::Connection> connection);
  absl::Status Call(absl::FunctionRef<void()> call);
  // A statement that ends with its deadline, and with the work that is allowed.
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
