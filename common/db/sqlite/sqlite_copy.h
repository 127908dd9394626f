#ifndef TSUNAGU_COMMON_DB_SQLITE_SQLITE_COPY_H_
#define TSUNAGU_COMMON_DB_SQLITE_SQLITE_COPY_H_

#include <string>

#include "absl/status/status.h"

namespace tsunagu::store {

// Copies the SQLite file `path` to `copy` while others read and write it. The copy is one consistent state, complete or
// not made at all; on return it is durable and was opened and checked. Everything is read in one step, so concurrent
// writers cannot delay the end. An error has no reason, but a text for the operator; no part of the copy is left then.
absl::Status CopySqlite(const std::string& path, const std::string& copy);

// Removes all but the `kept` newest files of `folder` whose names consist of `prefix`, a time, and `suffix`.
void KeepNewest(const std::string& folder, const std::string& prefix, const std::string& suffix, int kept);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SQLITE_SQLITE_COPY_H_
