#ifndef TSUNAGU_COMMON_DB_OPEN_H_
#define TSUNAGU_COMMON_DB_OPEN_H_

#include <memory>
#include <string>

#include "common/db/database.h"

namespace tsunagu::store {

// Opens the database at `location`: the path of a SQLite file, or a URL as ParseMysqlUrl accepts it. ?max_batch=N may
// follow the path: the maximum number of changes per transaction (1 for comparisons). Errors have a text for the
// operator, which never contains a password.
absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view location);

// Returns the statement that creates the schema of a MySQL location; empty when the schema exists, and for a file.
absl::StatusOr<std::string> MissingSchema(absl::string_view location);
// Creates the schema on the server that the URL names.
absl::Status CreateSchema(absl::string_view location);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_OPEN_H_
