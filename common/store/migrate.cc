#include "common/store/migrate.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

constexpr absl::string_view kMysqlTable =
    " ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

bool Holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string CreateTable(const TableDefinition& table, Dialect dialect) {
  std::string sql = absl::StrCat("CREATE TABLE `", table.name, "` (");
  for (const auto& column : table.columns) absl::StrAppend(&sql, "`", column.name, "` ", column.type, ", ");
  absl::StrAppend(&sql, "PRIMARY KEY (", table.primary_key, "))", dialect == Dialect::kMysql ? kMysqlTable : "");
  return sql;
}

// Upper bound of a column's bytes within a row or an index; long text and blobs lie elsewhere and count 20.
int64_t Bytes(absl::string_view type) {
  if (!absl::StartsWith(type, "VARCHAR(")) return absl::StartsWith(type, "BIGINT") ? 8 : 20;
  const int64_t length = std::atoll(std::string(type.substr(8)).c_str());
  return absl::StrContains(type, "ascii") ? length + 2 : length * 4 + 2;
}

int64_t IndexBytes(const TableDefinition& table, absl::string_view columns) {
  int64_t bytes = 0;
  for (const auto& column : table.columns) {
    if (absl::StrContains(columns, absl::StrCat("`", column.name, "`"))) bytes += Bytes(column.type);
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> PlanMigration(Database& database, absl::Span<const TableDefinition> tables) {
  std::vector<std::string> plan;
  for (const TableDefinition& table : tables) {
    ASSIGN_OR_RETURN(const std::vector<std::string> columns, database.Columns(table.name));
    std::vector<std::string> indexes;
    if (columns.empty()) {
      plan.push_back(CreateTable(table, database.dialect()));
    } else {
      ASSIGN_OR_RETURN(indexes, database.Indexes(table.name));
      for (const auto& column : table.columns) {
        if (!Holds(columns, column.name)) {
          plan.push_back(absl::StrCat("ALTER TABLE `", table.name, "` ADD COLUMN `", column.name, "` ", column.type));
        }
      }
    }
    for (const auto& index : table.indexes) {
      if (Holds(indexes, index.name)) continue;
      plan.push_back(absl::StrCat("CREATE ", index.unique ? "UNIQUE " : "", "INDEX `", index.name, "` ON `", table.name,
                                  "` (", index.columns, ")"));
    }
  }
  return plan;
}

absl::Status ApplyMigration(Database& database, absl::Span<const std::string> statements) {
  for (const std::string& statement : statements) RETURN_IF_ERROR(database.Define(statement));
  return absl::OkStatus();
}

absl::Status CheckLimits(absl::Span<const TableDefinition> tables) {
  for (const TableDefinition& table : tables) {
    int64_t row = 0;
    for (const auto& column : table.columns) row += Bytes(column.type);
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
