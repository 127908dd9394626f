#include "common/db/migration_plan.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/db/column_type.h"
#include "common/db/mysql/mysql_tables.h"

namespace tsunagu::store {
namespace {

constexpr absl::string_view kMysqlTable =
    " ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

// Includes the indexes when the engine can create them with the table, which is several times as fast.
std::string CreateTable(const TableDefinition& table, Dialect dialect) {
  std::string sql = absl::StrCat("CREATE TABLE `", table.name, "` (");
  for (const auto& column : table.columns) absl::StrAppend(&sql, "`", column.name, "` ", column.type, ", ");
  absl::StrAppend(&sql, "PRIMARY KEY (", table.primary_key, ")");
  if (dialect != Dialect::kMysql) {
    return absl::StrCat(sql, table.one_tree ? ") WITHOUT ROWID" : ")");
  }
  for (const auto& index : table.indexes) {
    absl::StrAppend(&sql, ", ", index.unique ? "UNIQUE " : "", "INDEX `", index.name, "` (", index.columns, ")");
  }
  return absl::StrCat(sql, ")", kMysqlTable);
}

std::string ModifyColumn(const std::string& table, const std::string& column, const std::string& type) {
  return absl::StrCat("ALTER TABLE `", table, "` MODIFY COLUMN `", column, "` ", type);
}

absl::Status CheckNothingForeign(Database& database, const std::string& service) {
  ASSIGN_OR_RETURN(const std::vector<std::string> objects, database.ForeignObjects());
  if (objects.empty()) return absl::OkStatus();
  return Fail("SCHEMA_HAS_FOREIGN_OBJECTS"_reason, {{"database", service}, {"objects", absl::StrJoin(objects, "; ")}});
}

class Planner {
 public:
  Planner(Database& database, const SchemaDefinition& schema) : database_(database), schema_(schema) {}

  absl::StatusOr<MigrationPlan> Plan() {
    ASSIGN_OR_RETURN(const StepStates states, StepStates::Read(database_));
    RETURN_IF_ERROR(states.CheckServes(schema_.steps, schema_.service));
    for (const SchemaStep& step : schema_.steps) {
      if (!states.IsDone(step)) open_.push_back(&step);
    }
    std::vector<TableDefinition> tables = BookkeepingTables(database_.dialect());
    const size_t own = tables.size();
    tables.insert(tables.end(), schema_.tables.begin(), schema_.tables.end());
    RETURN_IF_ERROR(Look(tables));
    for (size_t i = 0; i < tables.size(); ++i) {
      const FoundTable& shape = shapes_[tables[i].name];
      plan_.holds_data |= i >= own && shape.exists();
      shape.exists() ? PlanColumns(tables[i], shape) : Add(CreateTable(tables[i], database_.dialect()));
    }
    for (const SchemaStep* step : open_) PlanStep(*step);
    for (const TableDefinition& table : tables) PlanIndexes(table, shapes_[table.name]);
    // A newer binary that permits this one to serve has changed them on purpose.
    if (states.HasMoreThan(schema_.steps)) plan_.differences.clear();
    return std::move(plan_);
  }

 private:
  // SQLite looks at a table in its own memory; a server is asked once for all.
  absl::Status Look(absl::Span<const TableDefinition> tables) {
    if (database_.dialect() == Dialect::kMysql) {
      ASSIGN_OR_RETURN(shapes_, DescribeMysqlTables(database_));
      return absl::OkStatus();
    }
    for (const TableDefinition& table : tables) {
      ASSIGN_OR_RETURN(shapes_[table.name], database_.Describe(table.name));
    }
    return absl::OkStatus();
  }

  void Add(std::string statement, const SchemaStep* step = nullptr) {
    const std::string note = step == nullptr ? "" : absl::StrCat(" -- ", step->Title(), ": ", step->name);
    plan_.steps.push_back({absl::StrCat(statement, note), std::move(statement), step});
  }

  void PlanColumns(const TableDefinition& table, const FoundTable& shape) {
    for (const auto& column : table.columns) {
      const FoundTable::Column* found = shape.FindColumn(column.name);
      if (found == nullptr) {
        Add(absl::StrCat("ALTER TABLE `", table.name, "` ADD COLUMN `", column.name, "` ", column.type));
        continue;
      }
      const std::string wanted = TypeIn(column.type);
      const TypeFit fit = FitOf(found->type, wanted, database_.dialect());
      if (fit == TypeFit::kShorter) Add(ModifyColumn(table.name, column.name, column.type));
      if (fit == TypeFit::kDiffers && !Changes(table.name, column.name)) {
        plan_.differences.push_back(
            absl::StrCat(table.name, ".", column.name, " is ", found->type, " instead of ", wanted));
      }
    }
  }

  // Returns whether an open step will give the column or index its new form.
  bool Changes(const std::string& table, const std::string& name) const {
    for (const SchemaStep* step : open_) {
      const auto* column = absl::get_if<SchemaStep::ModifyColumn>(&step->action);
      const auto* index = absl::get_if<SchemaStep::DropIndex>(&step->action);
      if (column != nullptr && column->table == table && column->column == name) return true;
      if (index != nullptr && index->table == table && index->index == name) return true;
    }
    return false;
  }

  void PlanStep(const SchemaStep& step) {
    const bool mysql = database_.dialect() == Dialect::kMysql;
    if (const auto* drop = absl::get_if<SchemaStep::DropIndex>(&step.action)) {
      const FoundTable::Index* found = shapes_[drop->table].FindIndex(drop->index);
      if (found == nullptr || found->columns != drop->columns) return Note(step);
      dropped_.push_back(drop->index);
      return Add(absl::StrCat("DROP INDEX `", drop->index, "`", mysql ? absl::StrCat(" ON `", drop->table, "`") : ""),
                 &step);
    }
    if (const auto* modify = absl::get_if<SchemaStep::ModifyColumn>(&step.action)) {
      const FoundTable::Column* found = shapes_[modify->table].FindColumn(modify->column);
      const bool done =
          !mysql || found == nullptr || FitOf(found->type, TypeIn(modify->type), Dialect::kMysql) == TypeFit::kServes;
      return done ? Note(step) : Add(ModifyColumn(modify->table, modify->column, modify->type), &step);
    }
    Note(step);
  }

  // Plans to fill rows; or, when nothing is left to do, only to record the step.
  void Note(const SchemaStep& step) {
    plan_.steps.push_back({absl::StrCat("-- ", step.Title(), ": ", step.name), "", &step});
  }

  void PlanIndexes(const TableDefinition& table, const FoundTable& shape) {
    if (!shape.exists() && database_.dialect() == Dialect::kMysql) return;  // made with the table
    for (const auto& index : table.indexes) {
      const FoundTable::Index* found = shape.FindIndex(index.name);
      if (found != nullptr && !Holds(dropped_, index.name)) {
        if (found->columns == index.columns && found->unique == index.unique) continue;
        if (Changes(table.name, index.name)) continue;
        plan_.differences.push_back(absl::StrCat("index ", index.name, " is ", found->unique ? "unique " : "", "on ",
                                                 found->columns, " instead of ", index.unique ? "unique " : "", "on ",
                                                 index.columns));
        continue;
      }
      Add(absl::StrCat("CREATE ", index.unique ? "UNIQUE " : "", "INDEX `", index.name, "` ON `", table.name, "` (",
                       index.columns, ")"));
    }
  }

  static bool Holds(const std::vector<std::string>& names, const std::string& name) {
    for (const std::string& one : names) {
      if (one == name) return true;
    }
    return false;
  }

  Database& database_;
  const SchemaDefinition& schema_;
  MigrationPlan plan_;
  std::vector<const SchemaStep*> open_;
  std::map<std::string, FoundTable> shapes_;
  std::vector<std::string> dropped_;
};

}  // namespace

std::vector<std::string> MigrationPlan::Texts() const {
  std::vector<std::string> texts;
  for (const PlannedStep& step : steps) texts.push_back(step.text);
  return texts;
}

absl::StatusOr<MigrationPlan> PlanMigration(Database& database, const SchemaDefinition& schema) {
  RETURN_IF_ERROR(CheckNothingForeign(database, schema.service));
  return Planner(database, schema).Plan();
}

}  // namespace tsunagu::store
