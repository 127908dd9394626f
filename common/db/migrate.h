#ifndef TSUNAGU_COMMON_DB_MIGRATE_H_
#define TSUNAGU_COMMON_DB_MIGRATE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/db/database.h"
#include "common/db/migration_plan.h"
#include "common/db/table_definition.h"

namespace tsunagu::store {

// Brings a database to `schema`, one idempotent step after the other, so that a run that was killed is simply run
// again. `before_changes` (a copy) is called before the first change of a database that holds tables; its error ends
// the migration, and nothing has been changed. A migration that was interrupted goes on without calling it.
//
// SCHEMA_DIFFERS where something is left that no step puts right, MIGRATION_IN_PROGRESS while another program does it,
// MIGRATION_FAILED with the statement that failed.
absl::Status ApplyMigration(Database& database, const SchemaDefinition& schema,
                            const std::function<absl::Status()>& before_changes);

// OK when a binary can serve on it as it is: SCHEMA_INCOMPLETE with the command that helps, SCHEMA_DIFFERS.
absl::Status CheckSchema(const MigrationPlan& plan, const std::string& service);

// OK, or SCHEMA_DIFFERS where something is left that no step puts right.
absl::Status CheckDifferences(const MigrationPlan& plan, const std::string& service);

// Refuses what the smallest engine refuses: an index over 3,072 bytes, a row over 60,000.
absl::Status CheckLimits(absl::Span<const TableDefinition> tables);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MIGRATE_H_
