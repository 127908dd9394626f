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

// Brings a database to `schema` by idempotent steps, so that a run that was killed can simply be repeated.
// `before_changes` (a copy) is called before the first change of a database that contains tables; its error ends the
// migration before anything is changed. A migration that was interrupted continues without calling it.
//
// Errors: SCHEMA_DIFFERS for a difference that no step corrects; MIGRATION_IN_PROGRESS while another program migrates;
// MIGRATION_FAILED with the failed statement.
absl::Status ApplyMigration(Database& database, const SchemaDefinition& schema,
                            const std::function<absl::Status()>& before_changes);

// Checks that this binary can serve on the database as it is. Errors: SCHEMA_INCOMPLETE with the command that helps,
// SCHEMA_DIFFERS.
absl::Status CheckSchema(const MigrationPlan& plan, const std::string& service);

// Errors: SCHEMA_DIFFERS for a difference that no step corrects.
absl::Status CheckDifferences(const MigrationPlan& plan, const std::string& service);

// Refuses what the engine with the smallest limits refuses: an index over 3,072 bytes, a row over 60,000 bytes.
absl::Status CheckLimits(absl::Span<const TableDefinition> tables);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MIGRATE_H_
