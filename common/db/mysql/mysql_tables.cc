#include "common/db/mysql/mysql_tables.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

using Tables = std::map<std::string, FoundTable>;

constexpr absl::Duration kPatience = absl::Seconds(60);

// The server looks up a table that the condition names, and reads all of the schema otherwise.
constexpr absl::string_view kColumnsOfOne =
    "SELECT table_name, column_name, column_type, is_nullable, character_set_name FROM information_schema.columns "
    "WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position";
constexpr absl::string_view kColumnsOfAll =
    "SELECT table_name, column_name, column_type, is_nullable, character_set_name FROM information_schema.columns "
    "WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position";
constexpr absl::string_view kIndexesOfOne =
    "SELECT table_name, index_name, non_unique, column_name FROM information_schema.statistics WHERE table_schema = "
    "DATABASE() AND table_name = ? AND index_name <> 'PRIMARY' ORDER BY index_name, seq_in_index";
constexpr absl::string_view kIndexesOfAll =
    "SELECT table_name, index_name, non_unique, column_name FROM information_schema.statistics WHERE table_schema = "
    "DATABASE() AND index_name <> 'PRIMARY' ORDER BY table_name, index_name, seq_in_index";

// Converts "varchar(64)" in ascii -> "VARCHAR(64) CHARACTER SET ascii"; MariaDB's "bigint(20)" -> "BIGINT".
std::string TypeOf(const std::string& column_type, const std::string& charset) {
  std::string type = absl::AsciiStrToUpper(column_type);
  if (absl::StartsWith(type, "BIGINT(")) type = "BIGINT";
  if (!charset.empty() && charset != "utf8mb4") absl::StrAppend(&type, " CHARACTER SET ", charset);
  return type;
}

absl::StatusOr<Tables> Read(Database& database, absl::string_view columns, absl::string_view indexes,
                            absl::Span<const Value> parameters) {
  Tables tables;
  RETURN_IF_ERROR(database.Read(Deadline::After(kPatience), [&](Session& session) -> absl::Status {
    tables.clear();
    RETURN_IF_ERROR(session.Query(columns, parameters, [&](const Row& row) {
      tables[row.Bytes(0)].columns.push_back({row.Bytes(1), TypeOf(row.Bytes(2), row.Bytes(4)), row.Bytes(3) == "YES"});
      return absl::OkStatus();
    }));
    return session.Query(indexes, parameters, [&](const Row& row) {
      tables[row.Bytes(0)].AddIndexColumn(row.Bytes(1), row.Integer(2) == 0, row.Bytes(3));
      return absl::OkStatus();
    });
  }));
  return tables;
}

}  // namespace

absl::StatusOr<FoundTable> DescribeMysqlTable(Database& database, absl::string_view table) {
  ASSIGN_OR_RETURN(Tables tables, Read(database, kColumnsOfOne, kIndexesOfOne, {table}));
  return tables.empty() ? FoundTable() : std::move(tables.begin()->second);
}

absl::StatusOr<Tables> DescribeMysqlTables(Database& database) {
  return Read(database, kColumnsOfAll, kIndexesOfAll, {});
}

}  // namespace tsunagu::store
