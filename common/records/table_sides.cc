#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/jp/fold.h"
#include "common/records/parts.h"
#include "common/records/table.h"

namespace tsunagu::store {

using contract::Field;
using google::protobuf::Message;

std::string Table::TokenOf(absl::string_view text) const {
  const std::string folded = jp::Fold(text);
  return folded.empty() ? "" : Base32(HmacSha256(parts_.Secret("search"), folded)).substr(0, 32);
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
  const std::set<std::string> distinct(values.begin(), values.end());
  if (distinct.empty()) return absl::OkStatus();
  Parameters parameters;
  for (const std::string& value : distinct) {
    parameters.AddText(value);
    parameters.AddText(std::string(id));
  }
  return tx.InsertSide(absl::StrCat(table, " (`", key, "`, `id`)"), 2, parameters);
}

absl::Status Table::ReplaceAccess(Tx& tx, absl::string_view id, const Access& access) {
  const std::vector<AccessKey>& keys = access.after;
  if (access.before == keys) return absl::OkStatus();
  if (!access.before.empty()) {
    RETURN_IF_ERROR(
        tx.session().Execute(absl::StrCat("DELETE FROM `", shape_.table(), "_access` WHERE `id` = ?"), {id}).status());
  }
  if (keys.empty()) return absl::OkStatus();
  const bool dated = shape_.has_dated_access();
  Parameters parameters;
  for (const AccessKey& key : keys) {
    parameters.AddText(key.key);
    parameters.AddText(std::string(id));
    if (!dated) continue;
    key.days.from == jp::kFirstDay ? parameters.AddNull() : parameters.AddText(jp::FormatIso(key.days.from));
    key.days.to == jp::kLastDay ? parameters.AddNull() : parameters.AddText(jp::FormatIso(key.days.to));
  }
  return tx.InsertSide(
      absl::StrCat("`", shape_.table(), "_access` (`key`, `id`", dated ? ", `valid_from`, `valid_to`" : "", ")"),
      dated ? 4 : 2, parameters);
}

absl::Status Table::WriteSides(Tx& tx, absl::string_view id, const Message* before, const Message& after,
                               const Access& access) {
  auto replace = [&](absl::string_view suffix, absl::string_view key, const std::vector<std::string>& old_values,
                     const std::vector<std::string>& values) {
    if (old_values == values) return absl::OkStatus();
    return ReplaceSide(tx, suffix, key, id, !old_values.empty(), values);
  };
  using Values = std::vector<std::string>;
  if (shape_.has_access()) RETURN_IF_ERROR(ReplaceAccess(tx, id, access));
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
