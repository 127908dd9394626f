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

// What a database has to be for a binary to serve.
struct SchemaDefinition {
  std::string service;  // whose, for texts: "registry"
  std::vector<TableDefinition> tables;
  std::vector<SchemaStep> steps;  // in their order
};

struct PlannedStep {
  std::string text;                  // for people: the statement, or what is done to rows
  std::string statement;             // empty: rows are filled, or nothing is left to do but to note it
  const SchemaStep* step = nullptr;  // a numbered one, of the definition
};

struct MigrationPlan {
  std::vector<PlannedStep> steps;
  // What nothing in this binary puts right: columns of another type, indexes with other columns.
  std::vector<std::string> differences;
  // Some of the tables are there already.
  bool holds_data = false;

  std::vector<std::string> Texts() const;
};

// In this order: new tables, new columns and longer ones; numbered steps that are not done; indexes. Nothing is dropped
// or changed but by a numbered step; tables and columns that are not asked for stay (a newer binary may have made
// them). DATABASE_TOO_NEW where a newer binary has done what this one would have to know; SCHEMA_HAS_FOREIGN_OBJECTS
// where a trigger, a view or the like could rewrite rows or stand in for a table.
absl::StatusOr<MigrationPlan> PlanMigration(Database& database, const SchemaDefinition& schema);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MIGRATION_PLAN_H_
