#include "common/db/sqlite/sqlite_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/thread_time.h"
#include "common/db/sqlite/sqlite_error.h"

namespace tsunagu::store {
namespace {

// A statement checks the clock after this many steps of SQLite's virtual machine.
constexpr int kStepsBetweenLooks = 10'000;

class SqliteRow : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool IsNull(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  int64_t Integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string Bytes(int column) const override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return bytes == nullptr ? "" : std::string(bytes, sqlite3_column_bytes(statement_, column));
  }

 private:
  sqlite3_stmt* const statement_;
};

// SQLite binds NULL for a null pointer, even when the length is 0.
const char* NotNull(absl::string_view bytes) { return bytes.data() == nullptr ? "" : bytes.data(); }

int Bind(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* number = absl::get_if<int64_t>(&value)) return sqlite3_bind_int64(statement, index, *number);
  if (const auto* text = absl::get_if<absl::string_view>(&value)) {
    return sqlite3_bind_text64(statement, index, NotNull(*text), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  if (const auto* blob = absl::get_if<Blob>(&value)) {
    return sqlite3_bind_blob64(statement, index, NotNull(blob->bytes), blob->bytes.size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, index);
}

int BindAll(sqlite3_stmt* statement, absl::Span<const Value> parameters) {
  if (sqlite3_bind_parameter_count(statement) != static_cast<int>(parameters.size())) return SQLITE_RANGE;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (const int result = Bind(statement, static_cast<int>(i) + 1, parameters[i]); result != SQLITE_OK) return result;
  }
  return SQLITE_OK;
}

// Returns why a file could not be opened, for the operator.
absl::Status Refused(const std::string& path, int code, absl::string_view why) {
  const std::string detail(why);
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Fail("DATABASE_DAMAGED"_reason, {{"database", path}, {"detail", detail}});
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Fail("DATA_FOLDER_READ_ONLY"_reason, {{"path", path}, {"detail", detail}});
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Fail("DATABASE_LOCKED"_reason, {{"database", path}});
  }
  return Fail("DATABASE_NOT_OPENED"_reason, {{"database", path}, {"detail", detail}});
}

// "Immutable": SQLite uses no log and takes no lock.
std::string ArchiveUri(const std::string& path) {
  return absl::StrCat("file:", absl::StrReplaceAll(path, {{"%", "%25"}, {"?", "%3f"}, {"#", "%23"}}), "?immutable=1");
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteSession>> SqliteSession::Open(const std::string& path, Mode mode) {
  // Must come before the first use of SQLite to have an effect: the memory statistics are one lock for all connections.
  static const int without_statistics = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)without_statistics;
  std::unique_ptr<SqliteSession> session(new SqliteSession(mode));
  const bool archive = mode == Mode::kArchive;
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (archive ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const std::string name = archive ? ArchiveUri(path) : path;
  if (sqlite3_open_v2(name.c_str(), &session->database_, flags, nullptr) != SQLITE_OK) {
    sqlite3* const database = session->database_;
    return database == nullptr ? Refused(path, SQLITE_NOMEM, "no memory")
                               : Refused(path, sqlite3_extended_errcode(database), sqlite3_errmsg(database));
  }
  const absl::Status configured = session->Configure();
  if (configured.ok()) return session;
  const bool told = absl::IsFailedPrecondition(configured);
  return Refused(path, told ? SQLITE_ERROR : sqlite3_extended_errcode(session->database_),
                 told ? configured.message() : absl::string_view(sqlite3_errmsg(session->database_)));
}

SqliteSession::~SqliteSession() {
  statements_.Clear();
  sqlite3_close(database_);
}

absl::Status SqliteSession::Configure() {
  if (mode_ == Mode::kArchive) return Execute("SELECT COUNT(*) FROM sqlite_schema", {}).status();
  constexpr int kPatienceAtOpenMillis = 5000;
  sqlite3_busy_timeout(database_, kPatienceAtOpenMillis);
  RETURN_IF_ERROR(Demand("PRAGMA journal_mode=WAL", "wal"));
  RETURN_IF_ERROR(Execute("PRAGMA synchronous=FULL", {}).status());
  RETURN_IF_ERROR(Demand("PRAGMA synchronous", "2"));
  RETURN_IF_ERROR(Execute("PRAGMA journal_size_limit=67108864", {}).status());
  RETURN_IF_ERROR(Execute("SELECT COUNT(*) FROM sqlite_schema", {}).status());
  if (mode_ == Mode::kReader) {
    RETURN_IF_ERROR(Execute("PRAGMA query_only=ON", {}).status());
    RETURN_IF_ERROR(Execute("PRAGMA cache_size=-512", {}).status());  // KiB; there may be many readers
    const auto must_stop = [](void* session) { return static_cast<SqliteSession*>(session)->MustStop() ? 1 : 0; };
    sqlite3_progress_handler(database_, kStepsBetweenLooks, must_stop, this);
  }
  sqlite3_busy_timeout(database_, 0);
  return absl::OkStatus();
}

absl::Status SqliteSession::Demand(absl::string_view pragma, absl::string_view expected) {
  std::string answer;
  RETURN_IF_ERROR(Query(pragma, {}, [&](const Row& row) {
    answer = row.Bytes(0);
    return absl::OkStatus();
  }));
  if (answer == expected) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(pragma, " gives ", answer, " instead of ", expected));
}

absl::Status SqliteSession::LookForDamage(Look look) {
  std::string answer;
  const char* const pragma = look == Look::kAll ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
  RETURN_IF_ERROR(Query(pragma, {}, [&](const Row& row) {
    answer = row.Bytes(0);
    return absl::OkStatus();
  }));
  return answer == "ok" ? absl::OkStatus() : absl::DataLossError(answer);
}

absl::StatusOr<int64_t> SqliteSession::Execute(absl::string_view sql, absl::Span<const Value> parameters) {
  const int64_t before = changes();
  RETURN_IF_ERROR(Query(sql, parameters, [](const Row&) { return absl::OkStatus(); }));
  return changes() - before;
}

absl::Status SqliteSession::Snapshot(absl::FunctionRef<absl::Status()> body) {
  if (sqlite3_get_autocommit(database_) == 0) return body();  // a transaction is open already
  RETURN_IF_ERROR(BeginSnapshot());
  const absl::Status status = body();
  EndSnapshot();
  return status;
}

absl::Status SqliteSession::BeginSnapshot() { return Execute("BEGIN", {}).status(); }

// A transaction that only read needs no commit, and ending it cannot fail.
void SqliteSession::EndSnapshot() { (void)Execute("ROLLBACK", {}); }

absl::Status SqliteSession::Query(absl::string_view sql, absl::Span<const Value> parameters,
                                  absl::FunctionRef<absl::Status(const Row&)> each) {
  if (lost()) return lost_to_;
  ASSIGN_OR_RETURN(std::unique_ptr<Statement> statement, Prepare(sql));
  sqlite3_stmt* const handle = statement->handle.get();
  int result = BindAll(handle, parameters);
  absl::Status status;
  if (result != SQLITE_OK) status = absl::InternalError(absl::StrCat("sqlite ", result, " while binding: ", sql));
  if (status.ok()) result = StepFirst(handle);
  const SqliteRow row(handle);
  while (status.ok() && result == SQLITE_ROW) {
    status = each(row);
    if (status.ok()) result = sqlite3_step(handle);
  }
  if (status.ok() && result != SQLITE_DONE) status = Error();
  steps_ += sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_VM_STEP, /*resetFlg=*/1);
  sqlite3_reset(handle);
  sqlite3_clear_bindings(handle);
  statements_.Return(sql, std::move(statement));
  return status;
}

void SqliteSession::Lend(Deadline deadline) {
  deadline_ = deadline;
  most_work_ = absl::InfiniteDuration();
}

void SqliteSession::BoundWork(absl::Duration most) { most_work_ = ThreadTime() + most; }

bool SqliteSession::IsTooCostly() const { return most_work_ != absl::InfiniteDuration() && ThreadTime() > most_work_; }

absl::Status SqliteSession::Begin() {
  RETURN_IF_ERROR(Execute("BEGIN IMMEDIATE", {}).status());
  expects_transaction_ = true;
  lost_to_ = absl::InternalError("a body ended its transaction");
  return absl::OkStatus();
}

absl::Status SqliteSession::Commit() {
  if (lost()) return lost_to_;
  expects_transaction_ = false;
  return Execute("COMMIT", {}).status();
}

absl::Status SqliteSession::Rollback() {
  expects_transaction_ = false;
  if (sqlite3_get_autocommit(database_) != 0) return absl::OkStatus();
  return Execute("ROLLBACK", {}).status();
}

absl::StatusOr<std::unique_ptr<SqliteSession::Statement>> SqliteSession::Prepare(absl::string_view sql) {
  if (std::unique_ptr<Statement> ready = statements_.Take(sql); ready != nullptr) return ready;
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  int result = SQLITE_OK;
  int attempt = 0;
  do {
    result = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &handle,
                                &rest);
  } while (WaitWhileBusy(result, attempt++));
  if (result != SQLITE_OK) return Error();
  auto statement = std::make_unique<Statement>();
  statement->handle.reset(handle);
  if (rest != sql.data() + sql.size()) return absl::InternalError(absl::StrCat("not one statement: ", sql));
  return statement;
}

int SqliteSession::StepFirst(sqlite3_stmt* statement) {
  for (int attempt = 0;; ++attempt) {
    const int result = sqlite3_step(statement);
    if (!WaitWhileBusy(result, attempt)) return result;
    sqlite3_reset(statement);
  }
}

bool SqliteSession::WaitWhileBusy(int result, int attempt) const {
  if (mode_ == Mode::kWriter || (result & 0xff) != SQLITE_BUSY) return false;
  const absl::Duration pause = absl::Milliseconds(std::min(1 << std::min(attempt, 6), 50));
  if (Deadline::After(pause) >= deadline_) return false;
  absl::SleepFor(pause);
  return true;
}

absl::Status SqliteSession::Error() {
  error_code_ = sqlite3_extended_errcode(database_) & 0xff;
  no_space_ = IsNoSpace(database_);
  const bool stopped_for_work = error_code_ == SQLITE_INTERRUPT && !deadline_.Over() && IsTooCostly();
  absl::Status error = stopped_for_work ? Fail("QUERY_TOO_COSTLY"_reason) : SqliteError(database_);
  if (lost()) lost_to_ = error;
  return error;
}

}  // namespace tsunagu::store
