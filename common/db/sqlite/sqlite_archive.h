#ifndef TSUNAGU_COMMON_DB_SQLITE_SQLITE_ARCHIVE_H_
#define TSUNAGU_COMMON_DB_SQLITE_SQLITE_ARCHIVE_H_

#include <memory>
#include <string>
#include <vector>

#include "common/base/mutex.h"
#include "common/db/database.h"
#include "common/db/sqlite/sqlite_session.h"

namespace tsunagu::store {

// A SQLite file that nobody writes, such as a backup. It is opened read-only, for one caller at a time, and its bytes
// never change.
class SqliteArchive : public Database {
 public:
  // Errors as SqliteSession::Open.
  static absl::StatusOr<std::unique_ptr<SqliteArchive>> Open(const std::string& path);

  // Reads the whole file. Errors: DATA_LOSS with the damage.
  absl::Status LookForDamage();

  absl::Status Read(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) override;
  // Writing is refused: FAILED_PRECONDITION.
  absl::Status Write(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) override;
  absl::Status Define(absl::string_view statement) override;
  absl::StatusOr<FoundTable> Describe(absl::string_view table) override;
  absl::StatusOr<std::vector<std::string>> ForeignObjects() override;
  Dialect dialect() const override { return Dialect::kSqlite; }

 private:
  explicit SqliteArchive(std::unique_ptr<SqliteSession> session) : session_(std::move(session)) {}

  Mutex mutex_;
  const std::unique_ptr<SqliteSession> session_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SQLITE_SQLITE_ARCHIVE_H_
