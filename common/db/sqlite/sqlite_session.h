#ifndef TSUNAGU_COMMON_DB_SQLITE_SQLITE_SESSION_H_
#define TSUNAGU_COMMON_DB_SQLITE_SQLITE_SESSION_H_

#include <sqlite3.h>

#include <memory>
#include <string>

#include "common/base/deadline.h"
#include "common/db/database.h"
#include "common/db/statement_cache.h"

namespace tsunagu::store {

// One connection with its prepared statements. Used by one thread at a time.
class SqliteSession : public Session {
 public:
  enum class Mode {
    kReader,
    kWriter,
    kArchive,  // of a file that nobody writes: nothing is changed in it, and nothing is made beside it
  };

  // Opens, makes the file where there is none, and reads back that it is in WAL mode and fully synchronous. An error
  // is for the operator and names the file: DATABASE_DAMAGED, DATABASE_LOCKED, DATA_FOLDER_READ_ONLY,
  // DATABASE_NOT_OPENED.
  static absl::StatusOr<std::unique_ptr<SqliteSession>> Open(const std::string& path, Mode mode);

  ~SqliteSession() override;

  absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> parameters) override;
  absl::Status Query(absl::string_view sql, absl::Span<const Value> parameters,
                     absl::FunctionRef<absl::Status(const Row&)> each) override;
  absl::Status Snapshot(absl::FunctionRef<absl::Status()> body) override;
  Dialect dialect() const override { return Dialect::kSqlite; }

  // Looks for damage in the structure of the whole file, which takes some 4 seconds a gigabyte, or also whether tables
  // and indexes say the same, which takes some 17: DATA_LOSS says what is damaged.
  enum class Look { kStructure, kAll };
  absl::Status LookForDamage(Look look);

  void BoundWork(absl::Duration most) override;

  // Readers only: a busy database is tried again until then, and a longer query ends with DEADLINE_EXCEEDED. The work
  // is not bounded any more.
  void Lend(Deadline deadline);

  // Readers only: from the first statement after Begin to End, all see one state of the database.
  absl::Status BeginSnapshot();
  void EndSnapshot();

  // Writers only. Begin tries once: DATABASE_UNAVAILABLE with busy() while another process holds the database.
  absl::Status Begin();
  absl::Status Commit();
  // OK also when the transaction has ended already.
  absl::Status Rollback();
  // How many rows it has written, also where that was undone.
  int64_t changes() const { return sqlite3_total_changes64(database_); }
  // True when an error of a statement has ended the transaction; then each further statement repeats that error.
  bool lost() const { return expects_transaction_ && sqlite3_get_autocommit(database_) != 0; }
  const absl::Status& lost_to() const { return lost_to_; }
  bool busy() const { return error_code_ == SQLITE_BUSY; }
  // The last error was "no space", and SQLite has rolled the transaction back.
  bool rolled_back_for_space() const { return no_space_ && sqlite3_get_autocommit(database_) != 0; }
  // For tests: the steps that SQLite's machine has taken for all statements, some ten for each row it looks at.
  int64_t steps() const { return steps_; }

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  struct Statement {
    std::unique_ptr<sqlite3_stmt, Finalizer> handle;
  };

  explicit SqliteSession(Mode mode) : mode_(mode), statements_(256) {}
  absl::Status Configure();
  // FAILED_PRECONDITION unless the pragma answers as expected.
  absl::Status Demand(absl::string_view pragma, absl::string_view expected);
  absl::StatusOr<std::unique_ptr<Statement>> Prepare(absl::string_view sql);
  // The first step, tried again while the database is busy.
  int StepFirst(sqlite3_stmt* statement);
  bool WaitWhileBusy(int result, int attempt) const;
  // Looked at now and then while a statement runs.
  bool MustStop() const { return deadline_.Over() || IsTooCostly(); }
  bool IsTooCostly() const;
  absl::Status Error();

  const Mode mode_;
  sqlite3* database_ = nullptr;
  Deadline deadline_;
  absl::Duration most_work_ = absl::InfiniteDuration();  // until this thread has used so much processor time in all
  bool expects_transaction_ = false;
  int error_code_ = SQLITE_OK;
  bool no_space_ = false;
  int64_t steps_ = 0;
  absl::Status lost_to_;
  StatementCache<Statement> statements_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SQLITE_SQLITE_SESSION_H_
