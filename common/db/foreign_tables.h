#ifndef TSUNAGU_COMMON_DB_FOREIGN_TABLES_H_
#define TSUNAGU_COMMON_DB_FOREIGN_TABLES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/db/database.h"
#include "common/db/table_definition.h"

namespace tsunagu::store {

// Returns the names of the tables of a database that are neither in `known` nor the bookkeeping tables of migrations. A
// newer version of this program may have made them, and a table does nothing by itself: so they are reported, not
// refused.
absl::StatusOr<std::vector<std::string>> ForeignTables(Database& database, absl::Span<const TableDefinition> known);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_FOREIGN_TABLES_H_
