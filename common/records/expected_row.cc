#include "common/records/expected_row.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/json_column.h"
#include "common/records/parts.h"
#include "common/records/time_in.h"
#include "google/protobuf/util/message_differencer.h"

namespace tsunagu::store {
namespace {

using contract::Field;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

constexpr size_t kContractColumn = 2;

bool IsPersonal(const Field* field) { return field != nullptr && field->rule.privacy() != PRIVACY_UNSPECIFIED; }

// True for bytes that cannot be read, whatever the cause; any other error means that a database is unavailable.
bool IsUnreadable(const absl::Status& status) {
  const auto reason = ReasonOf(status);
  return reason == "SEALED_DATA_DAMAGED"_reason || reason == "KEY_STORE_MISMATCH"_reason;
}

bool SaysNothing(const Value& value) {
  if (const auto* number = absl::get_if<int64_t>(&value)) return *number == 0;
  if (const auto* text = absl::get_if<absl::string_view>(&value)) return text->empty();
  return absl::holds_alternative<absl::monostate>(value);
}

bool SameIn(const Message& a, const Message& b, const Field& field) {
  const auto* d = field.descriptor;
  if (!d->is_repeated() && d->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {  // nearly all fields
    return a.GetReflection()->GetString(a, d) == b.GetReflection()->GetString(b, d);
  }
  MessageDifferencer same;
  const std::vector<const google::protobuf::FieldDescriptor*> only = {d};
  return same.CompareWithFields(a, b, only, only);
}

}  // namespace

std::string DatedKey(absl::string_view key, absl::string_view from, absl::string_view to) {
  return absl::StrCat(key, " ", from, "/", to);
}

std::vector<SideTable> SideTablesOf(const TableShape& shape) {
  std::vector<SideTable> sides;
  if (shape.has_access()) sides.push_back({"access", "key", nullptr, shape.has_dated_access()});
  if (shape.has_search()) sides.push_back({"search", "token"});
  for (const Field* field : shape.side_fields()) sides.push_back({field->name(), "value", field});
  return sides;
}

ExpectedRow::ExpectedRow(Table& table, const JournalEntry& entry)
    : table_(&table),
      revision_(entry.revision),
      contract_(entry.contract),
      deleted_(entry.deleted),
      has_personal_(!entry.private_image.empty()),
      record_(table.schema().New()) {}

absl::StatusOr<ExpectedRow> ExpectedRow::Of(Table& table, const JournalEntry& entry, bool has_keys) {
  ExpectedRow row(table, entry);
  if (row.deleted_ || row.newer()) return row;
  RETURN_IF_ERROR(row.ReadImage(entry, has_keys));
  const contract::Schema& schema = table.schema();
  const auto id = schema.IdOf(entry.name);
  if (row.damaged_ || !id.ok()) {
    row.damaged_ = true;
    return row;
  }
  table.shape().BindRow(
      *row.record_, *id,
      {row.revision_, TimeIn(schema, *row.record_, "create_time"), TimeIn(schema, *row.record_, "update_time"), ""},
      row.wanted_);
  if (&schema.access() == &schema && row.KnowsKeys()) {
    row.access_ = AccessKeysOf(schema, table.parts_.places(), *row.record_);
  }
  return row;
}

absl::Status ExpectedRow::ReadImage(const JournalEntry& entry, bool has_keys) {
  // This program did not write an image that does not parse; the chain reports its row.
  damaged_ = !record_->ParseFromString(entry.image);
  if (damaged_ || !has_personal_) return absl::OkStatus();
  closed_ = true;
  if (!has_keys) return absl::OkStatus();
  const absl::StatusOr<bool> opened =
      table_->DecryptPart(entry.private_image, absl::StrCat("journal/", entry.revision), *record_);
  if (!opened.ok() && !IsUnreadable(opened.status())) return opened.status();
  closed_ = !opened.value_or(false);
  return absl::OkStatus();
}

bool ExpectedRow::Fits(const Row& row, int column, const Value& wanted) const {
  if (row.IsNull(column)) {
    // A column that was added later is empty in older rows.
    return absl::holds_alternative<absl::monostate>(wanted) ||
           (contract_ < table_->schema().contract() && SaysNothing(wanted));
  }
  if (const auto* number = absl::get_if<int64_t>(&wanted)) return row.Integer(column) == *number;
  const auto* text = absl::get_if<absl::string_view>(&wanted);
  if (text == nullptr) return false;
  const std::string found = row.Bytes(column);
  if (found == *text) return true;
  const Field* field = table_->shape().all_columns()[column].field;
  if (field == nullptr || field->kind != contract::Kind::kJson) return false;
  // Another release may have written the same value in other characters.
  const Record read = table_->schema().New();
  return FromJsonColumn(found, *read).ok() && ToJsonColumn(*read, *field) == *text;
}

absl::Status ExpectedRow::CompareIdentity(const std::string& encrypted, std::vector<std::string>& differing) const {
  if (encrypted.empty() && !has_personal_) return absl::OkStatus();
  if (encrypted.empty() != !has_personal_) {
    differing.push_back("identity");
    return absl::OkStatus();
  }
  const Record kept = table_->schema().New();
  table_->schema().SetName(*kept, table_->schema().NameIn(*record_));
  const absl::StatusOr<bool> opened = table_->DecryptPart(encrypted, "identity", *kept);
  if (!opened.ok() && !IsUnreadable(opened.status())) return opened.status();
  if (!opened.value_or(false)) {
    differing.push_back("identity");
    return absl::OkStatus();
  }
  for (const Field& field : table_->schema().fields()) {
    if (field.rule.privacy() != PRIVACY_IDENTIFYING) continue;
    if (!SameIn(*record_, *kept, field)) differing.push_back(field.name());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> ExpectedRow::Differences(const Row& row) const {
  std::vector<std::string> differing;
  if (row.Integer(kContractColumn) != contract_) differing.push_back("contract");
  if (newer() || damaged_) return differing;
  const std::vector<TableShape::Column>& columns = table_->shape().all_columns();
  for (size_t i = 1; i < columns.size(); ++i) {
    if (i == kContractColumn) continue;
    if (columns[i].name == "mac" && columns[i].field == nullptr)
      continue;  // the MAC covers the columns that are compared here
    if (columns[i].name == "identity") {
      if (!closed_) RETURN_IF_ERROR(CompareIdentity(table_->shape().IdentityIn(row), differing));
      continue;
    }
    if (closed_ && IsPersonal(columns[i].field)) continue;
    if (!Fits(row, static_cast<int>(i), wanted_.values()[i])) differing.push_back(columns[i].name);
  }
  const Parts& parts = table_->parts_;
  const bool compares_mac = differing.empty() && parts.HasSecret("rows");
  if (compares_mac && !table_->shape().IsGenuine(parts.RowKey(), row)) differing.push_back("mac");
  return differing;
}

bool ExpectedRow::KnowsSide(const SideTable& side) const {
  if (deleted_ || newer() || damaged_) return false;
  if (side.suffix == "search") return !closed_ && (!has_personal_ || table_->parts_.HasSecret("search"));
  if (side.field == nullptr) return access_.has_value();
  return !closed_ || !IsPersonal(side.field);
}

bool ExpectedRow::KnowsKeys() const {
  const auto& names = table_->schema().rule().access_by();
  return !closed_ || std::none_of(names.begin(), names.end(),
                                  [&](const std::string& name) { return IsPersonal(table_->schema().Find(name)); });
}

void ExpectedRow::Inherit(const JournalEntry& above) {
  const contract::Schema& schema = table_->schema().access();
  const Record record = schema.New();
  if (above.deleted || above.contract > schema.contract() || !record->ParseFromString(above.image)) return;
  access_ = AccessKeysOf(schema, table_->parts_.places(), *record);
}

std::vector<std::string> ExpectedRow::SideValues(const SideTable& side) const {
  std::vector<std::string> values;
  if (side.field != nullptr) {
    values = TextValues(*record_, *side.field);
  } else if (side.suffix == "access") {
    for (const AccessKey& key : *access_) {
      const jp::Period& days = key.days;
      values.push_back(!side.dated ? key.key
                                   : DatedKey(key.key, days.from == jp::kFirstDay ? "" : jp::FormatIso(days.from),
                                              days.to == jp::kLastDay ? "" : jp::FormatIso(days.to)));
    }
  } else if (has_personal_) {
    values = table_->TokensOf(*record_);
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace tsunagu::store
