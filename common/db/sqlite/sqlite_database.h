#ifndef TSUNAGU_COMMON_DB_SQLITE_SQLITE_DATABASE_H_
#define TSUNAGU_COMMON_DB_SQLITE_SQLITE_DATABASE_H_

#include <memory>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "common/db/pool.h"
#include "common/db/sqlite/sqlite_session.h"
#include "common/db/sqlite/sqlite_writer.h"

namespace tsunagu::store {

struct SqliteOptions {
  // The file; it is created when it does not exist, its folder is not. It must be on a local file system, because of
  // WAL.
  std::string path;
  // How many bodies of Write may share one transaction; 1 for comparisons.
  int max_batch = 256;
  // How many threads may read at once; connections are made when first needed. This is more than the threads of an
  // executor, so that they never wait for a connection. A point read on gRPC's thread that would have to wait goes to
  // the executor.
  int max_readers = 80;
};

// One SQLite file: many readers, one writer thread (SqliteWriter). Several processes may share the file, but then wait
// for each other.
class SqliteDatabase : public Database {
 public:
  SqliteDatabase(SqliteOptions options, std::unique_ptr<SqliteSession> writer);

  // Statements of one body may see different states. A statement is interrupted when its deadline is over.
  absl::Status Read(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) override;
  absl::Status ReadInTurn(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) override;
  absl::Status Write(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) override;
  bool WriteLater(Deadline deadline, std::function<absl::Status(Session&)> body,
                  std::function<void(absl::Status)> done) override;
  absl::Status Define(absl::string_view statement) override;
  // Returns only the indexes made by CREATE INDEX.
  absl::StatusOr<FoundTable> Describe(absl::string_view table) override;
  absl::StatusOr<std::vector<std::string>> ForeignObjects() override;
  absl::StatusOr<bool> ForgetDeleted() override;
  Dialect dialect() const override { return Dialect::kSqlite; }

  Load load() override;

  // For tests and benchmarks: how many transactions were committed, and how many bodies are waiting.
  int64_t batches() const { return writer_.batches(); }
  int waiting() { return writer_.waiting(); }

 private:
  absl::StatusOr<std::unique_ptr<SqliteSession>> TakeReader(Deadline deadline);

  const SqliteOptions options_;
  Pool<SqliteSession> readers_;
  SqliteWriter writer_;
};

// Opens the file durable (WAL, synchronous=FULL) or not at all. Checks files of up to 256 MiB for damage. Errors are
// for the operator and name the file: those of SqliteSession::Open.
absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SQLITE_SQLITE_DATABASE_H_
