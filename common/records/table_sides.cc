#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/jp/fold.h"
#include "common/records/table.h"

namespace tsunagu::store {

using google::protobuf::Message;
using records::Field;

std::string Table::TokenOf(absl::string_view text) const {
  const std::string folded = jp::Fold(text);
  return folded.empty() ? "" : Base32(HmacSha256(store_.Secret("search"), folded)).substr(0, 32);
}

std::vector<std::string> Table::TokensOf(const Message& record) const {
  std::set<std::string> tokens;
  for (const Field& field : schema().fields()) {
    if (!field.rule.searchable()) continue;
    for (const std::string& text : TextValues(record, field)) tokens.insert(TokenOf(text));
  }
  tokens.erase("");
  return {tokens.begin(), tokens.end()};
}

absl::Status Table::ReplaceSide(Tx& tx, absl::string_view suffix, absl::string_view key, absl::string_view id,
                                bool had_rows, const std::vector<std::string>& values) {
  const std::string table = absl::StrCat("`", shape_.table(), "_", suffix, "`");
  if (had_rows) {
    RETURN_IF_ERROR(tx.session().Execute(absl::StrCat("DELETE FROM ", table, " WHERE `id` = ?"), {id}).status());
  }
  const std::string insert = absl::StrCat("INSERT INTO ", table, " (`", key, "`, `id`) VALUES (?, ?)");
  const std::set<std::string> distinct(values.begin(), values.end());
  for (const std::string& value : distinct) {
    RETURN_IF_ERROR(tx.session().Execute(insert, {absl::string_view(value), id}).status());
  }
  return absl::OkStatus();
}

absl::Status Table::WriteSides(Tx& tx, absl::string_view id, const Message* before, const Message& after) {
  auto replace = [&](absl::string_view suffix, absl::string_view key, const std::vector<std::string>& old_values,
                     const std::vector<std::string>& values) {
    if (old_values == values) return absl::OkStatus();
    return ReplaceSide(tx, suffix, key, id, !old_values.empty(), values);
  };
  using Values = std::vector<std::string>;
  if (shape_.has_access()) {
    RETURN_IF_ERROR(replace("access", "key", before ? AccessKeysOf(schema(), *before) : Values(), AccessKeysOf(schema(), after)));
  }
  if (shape_.has_search()) {
    RETURN_IF_ERROR(replace("search", "token", before ? TokensOf(*before) : Values(), TokensOf(after)));
  }
  for (const Field* field : shape_.side_fields()) {
    RETURN_IF_ERROR(
        replace(field->name(), "value", before ? TextValues(*before, *field) : Values(), TextValues(after, *field)));
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::store
