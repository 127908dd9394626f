#ifndef TSUNAGU_COMMON_DB_SQLITE_SQLITE_COPY_H_
#define TSUNAGU_COMMON_DB_SQLITE_SQLITE_COPY_H_

#include <string>

#include "absl/status/status.h"

namespace tsunagu::store {

// Copies the SQLite file `path` to `copy` while others read and write it: one state of it, all or nothing, on the disk
// when it returns, opened and checked. It ends however much is written meanwhile, since all is read in one step. An
// error has no reason, its text says why for the operator; then nothing is left of the copy.
absl::Status CopySqlite(const std::string& path, const std::string& copy);

// Removes all but the newest `kept` files of `folder` whose names are `prefix`, a time, and `suffix`.
void KeepNewest(const std::string& folder, const std::string& prefix, const std::string& suffix, int kept);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SQLITE_SQLITE_COPY_H_
