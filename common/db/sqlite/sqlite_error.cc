#include "common/db/sqlite/sqlite_error.h"

#include <cerrno>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"

namespace tsunagu::store {
namespace {

// SQLite names the columns ("UNIQUE constraint failed: areas.code"), or an index over an expression ("…: index
// 'u_areas_code'"). Our unique indexes are called u_<table>_<columns>.
std::string ViolatedIndex(absl::string_view message) {
  absl::ConsumePrefix(&message, "UNIQUE constraint failed: ");
  if (absl::ConsumePrefix(&message, "index '")) {
    absl::ConsumeSuffix(&message, "'");
    return std::string(message);
  }
  const std::vector<absl::string_view> columns = absl::StrSplit(message, ", ");
  const absl::string_view table = columns[0].substr(0, columns[0].find('.'));
  auto append_column = [](std::string* out, absl::string_view column) {
    absl::StrAppend(out, column.substr(column.find('.') + 1));
  };
  return absl::StrCat("u_", table, "_", absl::StrJoin(columns, "_", append_column));
}

// Returns the errno of the log or of the database file.
int LastErrno(sqlite3* database, int which) {
  sqlite3_file* file = nullptr;
  int error = 0;
  if (sqlite3_file_control(database, "main", which, &file) != SQLITE_OK || file == nullptr) return 0;
  if (file->pMethods != nullptr) (void)file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
  return error;
}

}  // namespace

// SQLite calls only ENOSPC "full"; for a quota or a limit it keeps the errno, with the file.
bool IsNoSpace(sqlite3* database) {
  const int extended = sqlite3_extended_errcode(database);
  if ((extended & 0xff) == SQLITE_FULL) return true;
  if (extended != SQLITE_IOERR_WRITE) return false;
  for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
    const int cause = LastErrno(database, which);
    if (cause == EDQUOT || cause == EFBIG) return true;
  }
  return false;
}

absl::Status SqliteError(sqlite3* database) {
  if (IsNoSpace(database)) return Fail("DISK_FULL"_reason);
  const int extended = sqlite3_extended_errcode(database);
  const absl::string_view message = sqlite3_errmsg(database);
  switch (extended) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return absl::AlreadyExistsError("id");
    case SQLITE_CONSTRAINT_UNIQUE:
      return absl::AlreadyExistsError(ViolatedIndex(message));
    case SQLITE_IOERR_CORRUPTFS:
    case SQLITE_IOERR_DATA:
      return absl::DataLossError(absl::StrCat("sqlite ", extended, ": ", message));
  }
  switch (extended & 0xff) {
    case SQLITE_INTERRUPT:
      return Fail("DEADLINE_EXCEEDED"_reason);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
      return Fail("DATABASE_UNAVAILABLE"_reason);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(absl::StrCat("sqlite ", extended, ": ", message));
  }
  return absl::InternalError(absl::StrCat("sqlite ", extended, ": ", message));
}

}  // namespace tsunagu::store
