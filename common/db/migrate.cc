#include "common/db/migrate.h"

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/db/column_type.h"
#include "common/db/schema_lock.h"

namespace tsunagu::store {
namespace {

// A holder whose beat has not changed for ten of its intervals has ended.
constexpr absl::Duration kNoBeat = absl::Seconds(10);

bool HasStatement(const MigrationPlan& plan, const std::string& statement) {
  return std::any_of(plan.steps.begin(), plan.steps.end(),
                     [&](const PlannedStep& step) { return step.statement == statement; });
}

// A failed statement does no harm when its effect exists already: another program was faster, or an answer was lost.
absl::Status Define(Database& database, const SchemaDefinition& schema, const std::string& statement) {
  const absl::Status defined = database.Define(statement);
  Failpoint("migrate.after_statement");
  if (defined.ok()) return defined;
  ASSIGN_OR_RETURN(const MigrationPlan plan, PlanMigration(database, schema));
  if (!HasStatement(plan, statement)) return absl::OkStatus();
  return Fail("MIGRATION_FAILED"_reason,
              {{"database", schema.service}, {"statement", statement}, {"detail", std::string(defined.message())}});
}

absl::Status Run(Database& database, const SchemaDefinition& schema, const PlannedStep& planned) {
  if (!planned.statement.empty()) RETURN_IF_ERROR(Define(database, schema, planned.statement));
  if (planned.step == nullptr) return absl::OkStatus();
  if (absl::holds_alternative<SchemaStep::Fill>(planned.step->action)) return RunFill(database, *planned.step);
  return MarkDone(database, *planned.step);
}

// Without these tables there is no lock and no record of the steps.
absl::Status MakeBookkeeping(Database& database, const SchemaDefinition& schema) {
  ASSIGN_OR_RETURN(const MigrationPlan plan, PlanMigration(database, {schema.service, {}, {}}));
  for (const PlannedStep& step : plan.steps) RETURN_IF_ERROR(Define(database, schema, step.statement));
  return absl::OkStatus();
}

// Creates the tables and indexes of an empty database, all or none: one sync instead of hundreds. Only SQLite can do
// this. A statement that fails here is tried again separately, and its error is reported then.
void DefineTogether(Database& database, const MigrationPlan& plan) {
  (void)database.Write(Deadline::After(absl::Minutes(1)), [&](Session& session) -> absl::Status {
    for (const PlannedStep& step : plan.steps) {
      if (step.step != nullptr) continue;
      RETURN_IF_ERROR(session.Execute(step.statement).status());
      Failpoint("migrate.after_statement");
    }
    return absl::OkStatus();
  });
}

int64_t IndexBytes(const TableDefinition& table, absl::string_view columns) {
  int64_t bytes = 0;
  for (const auto& column : table.columns) {
    if (absl::StrContains(columns, absl::StrCat("`", column.name, "`"))) bytes += BytesInRow(column.type);
  }
  return bytes;
}

}  // namespace

absl::Status CheckDifferences(const MigrationPlan& plan, const std::string& service) {
  if (plan.differences.empty()) return absl::OkStatus();
  return Fail("SCHEMA_DIFFERS"_reason, {{"database", service}, {"differences", absl::StrJoin(plan.differences, "; ")}});
}

absl::Status ApplyMigration(Database& database, const SchemaDefinition& schema,
                            const std::function<absl::Status()>& before_changes) {
  ASSIGN_OR_RETURN(MigrationPlan plan, PlanMigration(database, schema));
  RETURN_IF_ERROR(CheckDifferences(plan, schema.service));
  if (plan.steps.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool interrupted, SchemaLock::IsHeld(database));
  if (plan.holds_data && !interrupted && before_changes) RETURN_IF_ERROR(before_changes());
  RETURN_IF_ERROR(MakeBookkeeping(database, schema));
  ASSIGN_OR_RETURN(const std::unique_ptr<SchemaLock> lock, SchemaLock::Take(database, schema.service, kNoBeat));
  ASSIGN_OR_RETURN(plan, PlanMigration(database, schema));
  const bool holds_data = plan.holds_data;
  if (!holds_data && database.dialect() == Dialect::kSqlite) {
    DefineTogether(database, plan);
    ASSIGN_OR_RETURN(plan, PlanMigration(database, schema));
  }
  for (const PlannedStep& step : plan.steps) {
    RETURN_IF_ERROR(lock->Check());
    Failpoint("migrate.before_step");
    if (holds_data) {
      log::Line(log::Level::kInfo, "migrating").Add("service", schema.service).Add("step", step.text).Write();
    }
    RETURN_IF_ERROR(Run(database, schema, step));
  }
  ASSIGN_OR_RETURN(plan, PlanMigration(database, schema));
  RETURN_IF_ERROR(CheckDifferences(plan, schema.service));
  if (plan.steps.empty()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("after the migration there is still: ", plan.steps.front().text));
}

absl::Status CheckSchema(const MigrationPlan& plan, const std::string& service) {
  RETURN_IF_ERROR(CheckDifferences(plan, service));
  if (plan.steps.empty()) return absl::OkStatus();
  return Fail("SCHEMA_INCOMPLETE"_reason, {{"database", service}, {"count", absl::StrCat(plan.steps.size())}});
}

absl::Status CheckLimits(absl::Span<const TableDefinition> tables) {
  for (const TableDefinition& table : tables) {
    int64_t row = 0;
    for (const auto& column : table.columns) row += BytesInRow(column.type);
    if (row > 60'000) return absl::InternalError(absl::StrCat("rows of ", table.name, " are too long"));
    for (const auto& index : table.indexes) {
      if (IndexBytes(table, index.columns) > 3072) {
        return absl::InternalError(absl::StrCat("index ", index.name, " is too long"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::store
