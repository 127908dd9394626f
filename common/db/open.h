#ifndef TSUNAGU_COMMON_DB_OPEN_H_
#define TSUNAGU_COMMON_DB_OPEN_H_

#include <memory>
#include <string>

#include "common/db/database.h"

namespace tsunagu::store {

// Opens the database at `location`: the path of a SQLite file, or a URL as ParseMysqlUrl takes it. The path may be
// followed by ?max_batch=N: how many changes share a transaction at most (1 for comparisons).
// Errors have a text for the operator, never with a password.
absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view location);

// The statement that makes the schema of a MySQL location; empty where it is there, and for a file.
absl::StatusOr<std::string> MissingSchema(absl::string_view location);
// Makes it, on the server that the URL names.
absl::Status CreateSchema(absl::string_view location);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_OPEN_H_
