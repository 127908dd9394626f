#ifndef TSUNAGU_COMMON_STORE_MIGRATE_H_
#define TSUNAGU_COMMON_STORE_MIGRATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/store/database.h"
#include "common/store/layout.h"

namespace tsunagu::store {

// Statements that bring a database to `tables`, in order: new tables, new columns, new indexes. Nothing is ever
// dropped or changed; tables and columns that are not asked for stay (a newer binary may have made them). Each
// statement is a step of its own, so that a run that was killed is simply run again.
absl::StatusOr<std::vector<std::string>> PlanMigration(Database& database, absl::Span<const TableDefinition> tables);

absl::Status ApplyMigration(Database& database, absl::Span<const std::string> statements);

// Refuses what the smallest engine refuses: an index over 3,072 bytes, a row over 60,000.
absl::Status CheckLimits(absl::Span<const TableDefinition> tables);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_STORE_MIGRATE_H_
