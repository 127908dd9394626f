#include "common/db/mysql/mysql_session.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "cppconn/datatype.h"
#include "cppconn/parameter_metadata.h"
#include "cppconn/resultset.h"
#include "mysql_driver.h"

namespace tsunagu::store {
namespace {

constexpr size_t kCachedStatements = 128;
// A cached statement keeps its parameters and its result; larger ones are not cached, to save memory.
constexpr size_t kCachedParameterBytes = 64 * 1024;
constexpr int kCachedRows = 1000;

constexpr absl::Duration kConnectTimeout = absl::Seconds(5);

// Returns the driver and registers the calling thread with it until the thread ends.
sql::mysql::MySQL_Driver& Driver() {
  static sql::mysql::MySQL_Driver& driver = *sql::mysql::get_driver_instance();
  struct Thread {
    Thread() { driver.threadInit(); }
    ~Thread() { driver.threadEnd(); }
  };
  thread_local const Thread thread;
  return driver;
}

int WholeSeconds(absl::Duration duration) {
  return static_cast<int>(std::max<int64_t>(1, absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1)))));
}

sql::ConnectOptionsMap ConnectOptions(const MysqlOptions& options, absl::Duration connect_timeout,
                                      absl::Duration read_timeout) {
  sql::ConnectOptionsMap map;
  map["hostName"] = options.socket.empty() ? absl::StrCat("tcp://", options.host, ":", options.port)
                                           : absl::StrCat("unix://", options.socket);
  map["userName"] = options.user;
  map["password"] = options.password;
  if (!options.schema.empty()) map["schema"] = options.schema;
  map["CLIENT_FOUND_ROWS"] = true;  // an UPDATE reports the rows it matched, not those it changed
  map["OPT_RECONNECT"] = false;
  map["OPT_CHARSET_NAME"] = "utf8mb4";
  map["OPT_CONNECT_TIMEOUT"] = WholeSeconds(connect_timeout);
  map["OPT_READ_TIMEOUT"] = WholeSeconds(read_timeout);
  map["OPT_WRITE_TIMEOUT"] = WholeSeconds(read_timeout);
  if (options.ssl_ca.empty()) return map;
  map["sslCA"] = options.ssl_ca;
  map["sslEnforce"] = true;
  map["sslVerify"] = true;
  return map;
}

// The lock timeout is shorter than the read timeout, so that a long wait gives a conflict and not a lost connection.
constexpr absl::string_view kSetUp[] = {
    "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', autocommit = 1, "
    "innodb_lock_wait_timeout = 4, lock_wait_timeout = 8",
};

// Returns the error for the operator. The server's text never contains the password.
absl::Status NotConnected(const MysqlOptions& options, int code, absl::string_view why) {
  switch (code) {
    case 1044:  // no access to the schema
    case 1045:
    case 1698:  // MariaDB: not by this authentication method
      return Fail("DATABASE_LOGIN_REFUSED"_reason, {{"user", options.user}});
    case 1049:
      return Fail("DATABASE_SCHEMA_MISSING"_reason, {{"database", options.schema}});
  }
  const std::string address = options.socket.empty() ? absl::StrCat(options.host, ":", options.port) : options.socket;
  return Fail("DATABASE_NOT_REACHED"_reason, {{"database", address}, {"detail", std::string(why)}});
}

// True after KILL QUERY, which ends only the statement.
bool WasStopped(const sql::SQLException& exception) { return exception.getErrorCode() == 1317; }

sql::SQLString ToSql(absl::string_view text) { return sql::SQLString(text.data(), text.size()); }

void Bind(sql::PreparedStatement& statement, unsigned int index, const Value& value) {
  if (const auto* number = absl::get_if<int64_t>(&value)) return statement.setInt64(index, *number);
  if (const auto* text = absl::get_if<absl::string_view>(&value)) return statement.setString(index, ToSql(*text));
  if (const auto* blob = absl::get_if<Blob>(&value)) return statement.setString(index, ToSql(blob->bytes));
  statement.setNull(index, sql::DataType::SQLNULL);
}

size_t SizeOf(const Value& value) {
  if (const auto* text = absl::get_if<absl::string_view>(&value)) return text->size();
  if (const auto* blob = absl::get_if<Blob>(&value)) return blob->bytes.size();
  return 0;
}

bool WorthKeeping(absl::Span<const Value> parameters) {
  return std::all_of(parameters.begin(), parameters.end(),
                     [](const Value& value) { return SizeOf(value) <= kCachedParameterBytes; });
}

// Reading a column that does not exist throws; status() keeps the first such error.
class MysqlRow : public Row {
 public:
  explicit MysqlRow(const sql::ResultSet& result) : result_(result) {}
  bool IsNull(int column) const override {
    return Read(true, [&] { return result_.isNull(column + 1); });
  }
  int64_t Integer(int column) const override {
    return Read(int64_t{0}, [&] { return result_.getInt64(column + 1); });
  }
  std::string Bytes(int column) const override {
    return Read(std::string(), [&] { return result_.getString(column + 1).asStdString(); });
  }
  const absl::Status& status() const { return status_; }

 private:
  template <typename T, typename Call>
  T Read(T otherwise, Call call) const {
    try {
      return call();
    } catch (const std::exception& exception) {
      status_ = absl::InternalError(absl::StrCat("mysql row: ", exception.what()));
      return otherwise;
    }
  }

  const sql::ResultSet& result_;
  mutable absl::Status status_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<MysqlSession>> MysqlSession::Connect(const MysqlOptions& options, Deadline deadline,
                                                                    absl::Duration read_timeout) {
  const absl::Duration left = deadline.Left();
  sql::ConnectOptionsMap map = ConnectOptions(options, std::min(left, kConnectTimeout), read_timeout);
  std::unique_ptr<MysqlSession> session;
  try {
    session.reset(new MysqlSession(std::unique_ptr<sql::Connection>(Driver().connect(map))));
  } catch (const sql::SQLException& exception) {
    return NotConnected(options, exception.getErrorCode(), exception.what());
  } catch (const std::exception& exception) {
    return NotConnected(options, 0, exception.what());
  }
  for (const absl::string_view sql : kSetUp) {
    if (const absl::Status status = session->Run(sql); !status.ok()) {
      return NotConnected(options, 0, absl::StrCat(sql, ": ", status.message()));
    }
  }
  int64_t number = 0;
  const absl::Status asked = session->Query("SELECT CONNECTION_ID()", {}, [&](const Row& row) {
    number = row.Integer(0);
    return absl::OkStatus();
  });
  if (!asked.ok()) return NotConnected(options, 0, asked.message());
  session->running_ = std::make_shared<RunningStatement>(number);
  return session;
}

MysqlSession::MysqlSession(std::unique_ptr<sql::Connection> connection)
    : connection_(std::move(connection)), plain_(connection_->createStatement()), statements_(kCachedStatements) {}

MysqlSession::~MysqlSession() { Driver(); }  // the destructors of the members call the client library

void MysqlSession::Lend(Deadline deadline, Access access) {
  Driver();
  deadline_ = deadline;
  access_ = access;
  lent_ = SteadyTime::Now();
  answered_ = false;
  work_left_ = absl::InfiniteDuration();
}

absl::StatusOr<int64_t> MysqlSession::Execute(absl::string_view sql, absl::Span<const Value> parameters) {
  if (access_ == Access::kRead) return absl::InternalError(absl::StrCat("a read must not execute: ", sql));
  RETURN_IF_ERROR(Late());
  ASSIGN_OR_RETURN(std::unique_ptr<sql::PreparedStatement> statement, Prepare(sql, parameters));
  int64_t matched = 0;
  RETURN_IF_ERROR(CallInTime([&] { matched = statement->executeUpdate(); }));
  if (WorthKeeping(parameters)) statements_.Return(sql, std::move(statement));
  return matched;
}

absl::Status MysqlSession::Query(absl::string_view sql, absl::Span<const Value> parameters,
                                 absl::FunctionRef<absl::Status(const Row&)> each) {
  RETURN_IF_ERROR(Late());
  ASSIGN_OR_RETURN(std::unique_ptr<sql::PreparedStatement> statement, Prepare(sql, parameters));
  std::unique_ptr<sql::ResultSet> result;
  RETURN_IF_ERROR(CallInTime([&] { result.reset(statement->executeQuery()); }));
  answered_ = true;
  const MysqlRow row(*result);
  absl::Status status;
  bool more = true;
  int rows = 0;
  for (; status.ok(); ++rows) {
    status = Call([&] { more = result->next(); });
    if (!status.ok() || !more) break;
    status = each(row);
    if (status.ok()) status = row.status();
  }
  result.reset();
  if (rows <= kCachedRows && WorthKeeping(parameters)) statements_.Return(sql, std::move(statement));
  return status;
}

absl::Status MysqlSession::Run(absl::string_view sql) {
  return Call([&] { plain_->execute(ToSql(sql)); });
}

// The connector's own commit() and rollback() drop every error, hence SQL.
absl::Status MysqlSession::Begin() {
  RETURN_IF_ERROR(Run("START TRANSACTION"));
  in_transaction_ = true;
  return absl::OkStatus();
}

absl::Status MysqlSession::Commit() {
  const absl::Status status = Run("COMMIT");
  if (status.ok()) in_transaction_ = false;
  if (status.ok() || fate_ == MysqlFate::kRolledBack) return status;
  fate_ = MysqlFate::kLost;
  error_ = Fail("COMMIT_UNKNOWN"_reason);
  return error_;
}

absl::Status MysqlSession::Snapshot(absl::FunctionRef<absl::Status()> body) {
  RETURN_IF_ERROR(Run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"));  // for the next transaction only
  RETURN_IF_ERROR(Run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"));
  in_transaction_ = true;  // Reset ends it if this function does not
  RETURN_IF_ERROR(body());
  RETURN_IF_ERROR(Run("COMMIT"));
  in_transaction_ = false;
  return absl::OkStatus();
}

bool MysqlSession::Reset() {
  if (fate_ == MysqlFate::kLost) return false;
  // KILL QUERY may arrive late, and would then stop the next statement. DO 0 receives it instead.
  if (running_->stopped()) (void)Run("DO 0");
  fate_ = MysqlFate::kStatement;
  if (!std::exchange(in_transaction_, false)) return true;
  return Run("ROLLBACK").ok();
}

absl::Status MysqlSession::Late() const {
  if (!deadline_.Over()) return absl::OkStatus();
  return Fail("DEADLINE_EXCEEDED"_reason);
}

absl::StatusOr<std::unique_ptr<sql::PreparedStatement>> MysqlSession::Prepare(absl::string_view sql,
                                                                              absl::Span<const Value> parameters) {
  std::unique_ptr<sql::PreparedStatement> statement = statements_.Take(sql);
  size_t wanted = 0;
  RETURN_IF_ERROR(Call([&] {
    if (statement == nullptr) statement.reset(connection_->prepareStatement(ToSql(sql)));
    wanted = static_cast<size_t>(statement->getParameterMetaData()->getParameterCount());
    if (wanted != parameters.size()) return;
    for (size_t i = 0; i < wanted; ++i) Bind(*statement, static_cast<unsigned int>(i) + 1, parameters[i]);
  }));
  if (wanted == parameters.size()) return statement;
  return absl::InternalError(absl::StrCat("mysql: ", parameters.size(), " parameters for: ", sql));
}

absl::Status MysqlSession::CallInTime(absl::FunctionRef<void()> call) {
  if (running_ == nullptr) return Call(call);
  const Stopwatch watch;
  running_->Begin(deadline_, Deadline::After(work_left_));
  const absl::Status status = Call(call);
  running_->End();
  work_left_ -= watch.Elapsed();
  if (status.ok() || !running_->stopped() || fate_ == MysqlFate::kLost) return status;
  return deadline_.Over() ? Fail("DEADLINE_EXCEEDED"_reason) : Fail("QUERY_TOO_COSTLY"_reason);
}

absl::Status MysqlSession::Call(absl::FunctionRef<void()> call) {
  if (fate_ != MysqlFate::kStatement) return error_;
  MysqlError error;
  try {
    call();
    return absl::OkStatus();
  } catch (const sql::SQLException& exception) {
    error = JudgeMysqlError(exception);
    if (WasStopped(exception) && running_ != nullptr && running_->stopped()) error.fate = MysqlFate::kStatement;
    if (error.fate == MysqlFate::kLost) {
      log::Line(log::Level::kWarning, "database_connection_lost")
          .Add("number", exception.getErrorCode())
          .Add("text", log::Harmless(exception.what()))
          .Write();
    }
  } catch (const std::exception& exception) {
    error = {MysqlFate::kLost, absl::InternalError(absl::StrCat("mysql connector: ", exception.what()))};
  }
  fate_ = error.fate;
  if (fate_ != MysqlFate::kStatement) error_ = error.status;
  return error.status;
}

}  // namespace tsunagu::store
