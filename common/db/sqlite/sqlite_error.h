#ifndef TSUNAGU_COMMON_DB_SQLITE_SQLITE_ERROR_H_
#define TSUNAGU_COMMON_DB_SQLITE_SQLITE_ERROR_H_

#include <sqlite3.h>

#include "absl/status/status.h"

namespace tsunagu::store {

// Returns whether the last error of `database` is that a file could not grow: the disk, a quota or a limit is full.
bool IsNoSpace(sqlite3* database);

// Translates the last error of `database` into the errors of Session. Never OK.
absl::Status SqliteError(sqlite3* database);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SQLITE_SQLITE_ERROR_H_
