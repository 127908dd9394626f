#ifndef TSUNAGU_COMMON_DB_MYSQL_MYSQL_TABLES_H_
#define TSUNAGU_COMMON_DB_MYSQL_MYSQL_TABLES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace tsunagu::store {

// Return what the schema of a MariaDB or MySQL server holds: one table, or all of them by name. Both take two queries.
absl::StatusOr<FoundTable> DescribeMysqlTable(Database& database, absl::string_view table);
absl::StatusOr<std::map<std::string, FoundTable>> DescribeMysqlTables(Database& database);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MYSQL_MYSQL_TABLES_H_
