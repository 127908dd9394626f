#ifndef TSUNAGU_COMMON_DB_FOREIGN_TABLES_H_
#define TSUNAGU_COMMON_DB_FOREIGN_TABLES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/db/database.h"
#include "common/db/table_definition.h"

namespace tsunagu::store {

// The tables of a database that are not among `known` and not those in which migrations keep their state, by name. A
// newer version of this program may have made them, and a table does nothing by itself: they are said, not refused.
absl::StatusOr<std::vector<std::string>> ForeignTables(Database& database, absl::Span<const TableDefinition> known);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_FOREIGN_TABLES_H_
