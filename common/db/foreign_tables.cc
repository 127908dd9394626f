#include "common/db/foreign_tables.h"

#include <set>

#include "common/base/status_macros.h"
#include "common/db/schema_steps.h"

namespace tsunagu::store {
namespace {

constexpr absl::string_view kOfSqlite =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
constexpr absl::string_view kOfMysql =
    "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' "
    "ORDER BY table_name";

}  // namespace

absl::StatusOr<std::vector<std::string>> ForeignTables(Database& database, absl::Span<const TableDefinition> known) {
  std::set<std::string> own;
  for (const TableDefinition& table : known) own.insert(table.name);
  for (const TableDefinition& table : BookkeepingTables(database.dialect())) own.insert(table.name);
  std::vector<std::string> foreign;
  RETURN_IF_ERROR(database.Read(Deadline::After(absl::Seconds(60)), [&](Session& session) {
    foreign.clear();
    return session.Query(database.dialect() == Dialect::kSqlite ? kOfSqlite : kOfMysql, {}, [&](const Row& row) {
      if (own.count(row.Bytes(0)) == 0) foreign.push_back(row.Bytes(0));
      return absl::OkStatus();
    });
  }));
  return foreign;
}

}  // namespace tsunagu::store
