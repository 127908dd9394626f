#ifndef TSUNAGU_COMMON_DB_MIGRATION_PLAN_H_
#define TSUNAGU_COMMON_DB_MIGRATION_PLAN_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/db/schema_steps.h"
#include "common/db/table_definition.h"

namespace tsunagu::store {

// The schema that a binary needs to serve.
struct SchemaDefinition {
  std::string service;  // the service, for texts: "registry"
  std::vector<TableDefinition> tables;
  std::vector<SchemaStep> steps;  // in their order
};

struct PlannedStep {
  std::string text;                  // for people: the statement, or what happens to rows
  std::string statement;             // empty: fills rows, or only records the step as done
  const SchemaStep* step = nullptr;  // the numbered step of the definition, if any
};

struct MigrationPlan {
  std::vector<PlannedStep> steps;
  // Differences that this binary cannot correct: columns of another type, indexes with other columns.
  std::vector<std::string> differences;
  // Some of the tables exist already.
  bool holds_data = false;

  std::vector<std::string> Texts() const;
};

// Plans, in this order: new tables, new columns and longer ones; numbered steps that are not done; indexes. Only a
// numbered step drops or changes anything; unknown tables and columns stay, because a newer binary may have made them.
// Errors: DATABASE_TOO_NEW when a newer binary has made a change that this one would have to know;
// SCHEMA_HAS_FOREIGN_OBJECTS when a trigger, a view or the like could change rows or stand in for a table.
absl::StatusOr<MigrationPlan> PlanMigration(Database& database, const SchemaDefinition& schema);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MIGRATION_PLAN_H_
