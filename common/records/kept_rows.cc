#include "common/records/kept_rows.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/jp/cp932.h"
#include "common/records/expected_row.h"
#include "common/records/table.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace tsunagu::store {
namespace {

std::string Quoted(const std::string& text) {
  google::protobuf::Value value;
  value.set_string_value(text);
  std::string json;
  return google::protobuf::util::MessageToJsonString(value, &json).ok() ? json : "";
}

struct Column {
  std::string name;
  bool number = false, bytes = false;
};

bool IsNumber(const TableShape::Column& column) {
  if (column.field == nullptr) return column.name != "id" && column.name != "identity" && column.name != "mac";
  using contract::Kind;
  const Kind kind = column.field->kind;
  return kind == Kind::kInteger || kind == Kind::kBool || kind == Kind::kTime;
}

// Always in the same order, so that two results can be compared.
absl::Status AddRows(Session& session, const std::string& table, const std::vector<Column>& columns,
                     absl::string_view id, std::string& json) {
  std::string names;
  for (const Column& column : columns) absl::StrAppend(&names, names.empty() ? "`" : ", `", column.name, "`");
  absl::StrAppend(&json, json.empty() ? "{" : ",", "\n  ", Quoted(table), ": [");
  std::string separator = "\n";
  const std::string sql = absl::StrCat("SELECT ", names, " FROM `", table, "` WHERE `id` = ? ORDER BY ", names);
  RETURN_IF_ERROR(session.Query(sql, {id}, [&](const Row& row) {
    std::vector<std::string> fields;
    for (size_t i = 0; i < columns.size(); ++i) {
      const int column = static_cast<int>(i);
      if (row.IsNull(column)) continue;
      std::string text = columns[i].number ? absl::StrCat(row.Integer(column)) : row.Bytes(column);
      if (columns[i].bytes || !jp::IsUtf8(text)) text = absl::StrCat("base64:", absl::Base64Escape(text));
      fields.push_back(absl::StrCat("      ", Quoted(columns[i].name), ": ", Quoted(text)));
    }
    absl::StrAppend(&json, separator, "    {\n", absl::StrJoin(fields, ",\n"), "\n    }");
    separator = ",\n";
    return absl::OkStatus();
  }));
  absl::StrAppend(&json, "\n  ]");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> RowsAsJson(Session& session, const Table& table, absl::string_view id) {
  const TableShape& shape = table.shape();
  std::string json;
  std::vector<Column> columns;
  for (const TableShape::Column& column : shape.all_columns()) {
    const bool bytes = column.field == nullptr && (column.name == "identity" || column.name == "mac");
    columns.push_back({column.name, IsNumber(column), bytes});
  }
  RETURN_IF_ERROR(AddRows(session, shape.table(), columns, id, json));
  for (const SideTable& side : SideTablesOf(shape)) {
    columns = {{"id"}, {side.key}};
    if (side.dated) columns.insert(columns.end(), {{"valid_from"}, {"valid_to"}});
    RETURN_IF_ERROR(AddRows(session, absl::StrCat(shape.table(), "_", side.suffix), columns, id, json));
  }
  return absl::StrCat(json, "\n}\n");
}

}  // namespace tsunagu::store
