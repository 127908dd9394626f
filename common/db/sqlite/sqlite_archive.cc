#include "common/db/sqlite/sqlite_archive.h"

#include <utility>

#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

absl::Status OnlyRead() { return absl::FailedPreconditionError("an archive is only read"); }

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteArchive>> SqliteArchive::Open(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> session, SqliteSession::Open(path, SqliteSession::Mode::kArchive));
  return std::unique_ptr<SqliteArchive>(new SqliteArchive(std::move(session)));
}

absl::Status SqliteArchive::LookForDamage() {
  MutexLock lock(mutex_);
  return session_->LookForDamage(SqliteSession::Look::kAll);
}

absl::Status SqliteArchive::Read(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) {
  MutexLock lock(mutex_);
  session_->Lend(deadline);
  return body(*session_);
}

absl::Status SqliteArchive::Write(Deadline, absl::FunctionRef<absl::Status(Session&)>) { return OnlyRead(); }
absl::Status SqliteArchive::Define(absl::string_view) { return OnlyRead(); }
absl::StatusOr<FoundTable> SqliteArchive::Describe(absl::string_view) { return OnlyRead(); }
absl::StatusOr<std::vector<std::string>> SqliteArchive::ForeignObjects() { return OnlyRead(); }

}  // namespace tsunagu::store
