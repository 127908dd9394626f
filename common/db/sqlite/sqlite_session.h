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
    kArchive,  // for a file that nobody writes: nothing in it or beside it is changed
  };

  // Opens the file, creates it when it does not exist, and verifies WAL mode and full synchronization. Errors, for the
  // operator, name the file: DATABASE_DAMAGED, DATABASE_LOCKED, DATA_FOLDER_READ_ONLY, DATABASE_NOT_OPENED.
  static absl::StatusOr<std::unique_ptr<SqliteSession>> Open(const std::string& path, Mode mode);

  ~SqliteSession() override;

  absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> parameters) override;
  absl::Status Query(absl::string_view sql, absl::Span<const Value> parameters,
                     absl::FunctionRef<absl::Status(const Row&)> each) override;
  absl::Status Snapshot(absl::FunctionRef<absl::Status()> body) override;
  Dialect dialect() const override { return Dialect::kSqlite; }

  // Checks the whole file for damage. kStructure takes about 4 seconds per gigabyte. kAll also compares tables with
  // their indexes and takes about 17. Errors: DATA_LOSS with the damage.
  enum class Look { kStructure, kAll };
  absl::Status LookForDamage(Look look);

  void BoundWork(absl::Duration most) override;

  // Readers only: retries a busy database until `deadline`; a longer query ends with DEADLINE_EXCEEDED. Removes the
  // limit of BoundWork.
  void Lend(Deadline deadline);

  // Readers only: from the first statement after BeginSnapshot to EndSnapshot, all statements see one state of the
  // database.
  absl::Status BeginSnapshot();
  void EndSnapshot();

  // Writers only. Begin tries once. Errors: DATABASE_UNAVAILABLE, with busy(), while another process locks the
  // database.
  absl::Status Begin();
  absl::Status Commit();
  // Returns OK also when the transaction has ended already.
  absl::Status Rollback();
  // How many rows it has written, including writes that were rolled back.
  int64_t changes() const { return sqlite3_total_changes64(database_); }
  // True when an error of a statement has ended the transaction; each further statement then returns that error.
  bool lost() const { return expects_transaction_ && sqlite3_get_autocommit(database_) != 0; }
  const absl::Status& lost_to() const { return lost_to_; }
  bool busy() const { return error_code_ == SQLITE_BUSY; }
  // The last error was "no space", and SQLite has rolled back the transaction.
  bool rolled_back_for_space() const { return no_space_ && sqlite3_get_autocommit(database_) != 0; }
  // For tests: the virtual machine steps of all statements, about ten for each row that is read.
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
  // Errors: FAILED_PRECONDITION unless the pragma returns `expected`.
  absl::Status Demand(absl::string_view pragma, absl::string_view expected);
  absl::StatusOr<std::unique_ptr<Statement>> Prepare(absl::string_view sql);
  // Executes the first step, and retries it while the database is busy.
  int StepFirst(sqlite3_stmt* statement);
  bool WaitWhileBusy(int result, int attempt) const;
  // Checked regularly while a statement runs.
  bool MustStop() const { return deadline_.Over() || IsTooCostly(); }
  bool IsTooCostly() const;
  absl::Status Error();

  const Mode mode_;
  sqlite3* database_ = nullptr;
  Deadline deadline_;
  absl::Duration most_work_ = absl::InfiniteDuration();  // as total processor time of this thread
  bool expects_transaction_ = false;
  int error_code_ = SQLITE_OK;
  bool no_space_ = false;
  int64_t steps_ = 0;
  absl::Status lost_to_;
  StatementCache<Statement> statements_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SQLITE_SQLITE_SESSION_H_
