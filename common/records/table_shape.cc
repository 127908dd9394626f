#include "common/records/table_shape.h"

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "common/base/digest.h"
#include "common/base/sip_hash.h"
#include "common/base/status_macros.h"
#include "common/journal/chain.h"
#include "common/jp/civil_day.h"
#include "common/records/json_column.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace tsunagu::store {
namespace {

using contract::Field;
using contract::Kind;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string ColumnType(const Field& field, Dialect dialect) {
  const ColumnTypes types(dialect);
  switch (field.kind) {
    case Kind::kText:
      return field.indexed() ? absl::StrCat("VARCHAR(", field.rule.max_length(), ") NOT NULL DEFAULT ''") : "TEXT";
    case Kind::kEnum:
      return absl::StrCat(types.Ascii(64), " NOT NULL DEFAULT '", field.descriptor->enum_type()->value(0)->name(), "'");
    case Kind::kInteger:
    case Kind::kBool:
      return field.descriptor->has_presence() ? "BIGINT" : "BIGINT NOT NULL DEFAULT 0";
    case Kind::kDate:
      return types.Ascii(10);
    case Kind::kTime:
      return "BIGINT";
    case Kind::kJson:
      return types.Text();
  }
  return "TEXT";
}

void BindField(const Message& record, const Field& field, Parameters& parameters) {
  const auto& reflection = *record.GetReflection();
  const FieldDescriptor* d = field.descriptor;
  if (!d->is_repeated() && d->has_presence() && !reflection.HasField(record, d)) return parameters.AddNull();
  switch (field.kind) {
    case Kind::kText:
      return parameters.AddText(reflection.GetString(record, d));
    case Kind::kEnum:
      return parameters.AddText(reflection.GetEnum(record, d)->name());
    case Kind::kInteger:
      return parameters.Add(d->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ? reflection.GetInt32(record, d)
                                                                            : reflection.GetInt64(record, d));
    case Kind::kBool:
      return parameters.Add(static_cast<int64_t>(reflection.GetBool(record, d)));
    case Kind::kDate:
      return parameters.AddText(
          jp::FormatIso(jp::DayOf(static_cast<const google::type::Date&>(reflection.GetMessage(record, d)))));
    case Kind::kTime: {
      const auto& time = static_cast<const google::protobuf::Timestamp&>(reflection.GetMessage(record, d));
      return parameters.Add(time.seconds() * 1'000'000 + time.nanos() / 1000);
    }
    case Kind::kJson: {
      std::string json = ToJsonColumn(record, field);
      return json.empty() ? parameters.AddNull() : parameters.AddText(std::move(json));
    }
  }
}

void SetTime(int64_t micros, Message& record, const FieldDescriptor* field) {
  auto& time = static_cast<google::protobuf::Timestamp&>(*record.GetReflection()->MutableMessage(&record, field));
  const absl::Time when = absl::FromUnixMicros(micros);
  time.set_seconds(absl::ToUnixSeconds(when));
  time.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(when - absl::FromUnixSeconds(time.seconds()))));
}

absl::Status ReadField(const Row& row, int column, const Field& field, Message& record) {
  if (row.IsNull(column)) return absl::OkStatus();
  const auto& reflection = *record.GetReflection();
  const FieldDescriptor* d = field.descriptor;
  switch (field.kind) {
    case Kind::kText:
      reflection.SetString(&record, d, row.Bytes(column));
      break;
    case Kind::kEnum: {
      const auto* value = d->enum_type()->FindValueByName(row.Bytes(column));
      if (value != nullptr) reflection.SetEnum(&record, d, value);  // a newer binary's value reads as unspecified
      break;
    }
    case Kind::kInteger:
      if (d->cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
        reflection.SetInt32(&record, d, static_cast<int32_t>(row.Integer(column)));
      } else {
        reflection.SetInt64(&record, d, row.Integer(column));
      }
      break;
    case Kind::kBool:
      reflection.SetBool(&record, d, row.Integer(column) != 0);
      break;
    case Kind::kDate: {
      const auto day = jp::ParseDay(row.Bytes(column));
      if (!day.ok()) return absl::DataLossError(absl::StrCat("date in column ", field.name()));
      static_cast<google::type::Date&>(*reflection.MutableMessage(&record, d)) = jp::ToDate(*day);
      break;
    }
    case Kind::kTime:
      SetTime(row.Integer(column), record, d);
      break;
    case Kind::kJson:
      if (!FromJsonColumn(row.Bytes(column), record).ok()) {
        return absl::DataLossError(absl::StrCat("JSON in column ", field.name()));
      }
      break;
  }
  return absl::OkStatus();
}

std::string Quoted(absl::string_view name) { return absl::StrCat("`", name, "`"); }

// Roles, principals and keys lie under services/{service}. Rows on which the program acts by itself are signed with
// SHA-256; other records, which are checked at every read, with a MAC that takes a third of the time.
bool GivesRights(const contract::Schema& schema) { return absl::StartsWith(schema.pattern(), "services/"); }

std::string SignatureOf(const contract::Schema& schema, absl::string_view key, absl::string_view content) {
  return GivesRights(schema) ? HmacSha256(key, content) : SipHash(key, content);
}

// Returns the prefix of a column's value in a MAC; never changed. For fields: the number of the field in two bytes,
// with the first bit set for the shadow of a unique one. For other columns: the index, counted down.
std::string SignedName(const contract::Schema& schema, const TableShape::Column& column, size_t index) {
  std::string name;
  if (GivesRights(schema)) {
    AppendColumn(column.name, name);
    return name;
  }
  const bool shadow = column.field != nullptr && column.name != column.field->name();
  const auto number =
      static_cast<uint16_t>(column.field == nullptr ? 0x7fff - index : column.field->descriptor->number());
  return {static_cast<char>((number >> 8) | (shadow ? 0x80 : 0)), static_cast<char>(number)};
}

}  // namespace

std::unique_ptr<Message> Part(const contract::Schema& schema, const Message& record, Privacy at_least, bool kept) {
  std::unique_ptr<Message> part(record.New());
  part->CopyFrom(record);
  for (const Field& field : schema.fields()) {
    const Privacy privacy = field.rule.privacy();
    // Identifying is the stronger privacy, though its number is smaller.
    const bool chosen =
        privacy == PRIVACY_IDENTIFYING || (privacy == PRIVACY_CONFIDENTIAL && at_least == PRIVACY_CONFIDENTIAL);
    if (chosen != kept) part->GetReflection()->ClearField(part.get(), field.descriptor);
  }
  return part;
}

TableShape::TableShape(const contract::Schema& schema, Dialect dialect)
    : schema_(schema),
      dialect_(dialect),
      has_access_(schema.has_access()),
      has_dated_access_(schema.access().rule().access_while_period_size() > 0) {
  for (const char* name : {"id", "revision", "contract", "create_time", "update_time"}) all_columns_.push_back({name});
  for (const Field& field : schema.fields()) {
    has_identity_ |= field.rule.privacy() == PRIVACY_IDENTIFYING;
    has_search_ |= field.rule.searchable();
    if (field.repeated && field.rule.filterable()) side_fields_.push_back(&field);
    if (field.has_column) column_fields_.push_back(&field);
  }
  if (has_identity_) all_columns_.push_back({"identity"});
  for (const Field* field : column_fields_) {
    all_columns_.push_back({field->name(), field});
    if (field->rule.unique()) all_columns_.push_back({absl::StrCat(field->name(), "_unique"), field});
  }
  all_columns_.push_back({"mac"});
  AppendColumn(table(), signed_start_);
  for (size_t i = 0; i < all_columns_.size(); ++i) {
    signed_names_.push_back(SignedName(schema_, all_columns_[i], i));
    const Field* field = all_columns_[i].field;
    const bool is_enum = field != nullptr && field->kind == Kind::kEnum;
    unsaid_.push_back(is_enum ? field->descriptor->enum_type()->value(0)->name() : "");
    numbers_.push_back((i > 0 && i < kIdentityColumn) ||
                       (field != nullptr &&
                        (field->kind == Kind::kInteger || field->kind == Kind::kBool || field->kind == Kind::kTime)));
  }
  std::vector<std::string> quoted, aliased, marks, sets;
  for (const auto& [name, field] : all_columns_) {
    quoted.push_back(Quoted(name));
    aliased.push_back(absl::StrCat("t.", Quoted(name)));
    marks.push_back("?");
    if (name != "id") sets.push_back(absl::StrCat(Quoted(name), " = ?"));
  }
  columns_ = absl::StrJoin(quoted, ", ");
  select_columns_ = absl::StrJoin(aliased, ", ");
  insert_sql_ =
      absl::StrCat("INSERT INTO ", Quoted(table()), " (", columns_, ") VALUES (", absl::StrJoin(marks, ", "), ")");
  update_sql_ = absl::StrCat("UPDATE ", Quoted(table()), " SET ", absl::StrJoin(sets, ", "),
                             " WHERE `id` = ? AND `revision` = ?");
}

std::vector<TableDefinition> TableShape::Tables() const {
  const ColumnTypes types(dialect_);
  const std::string id = absl::StrCat(types.Ascii(schema_.has_parent() ? contract::kLongestName : 64), " NOT NULL");
  TableDefinition main{table(), {}, "`id`", {}};
  main.columns = {{"id", id},
                  {"revision", "BIGINT NOT NULL"},
                  {"contract", "BIGINT NOT NULL"},
                  {"create_time", "BIGINT NOT NULL"},
                  {"update_time", "BIGINT NOT NULL"}};
  // Every list can be requested in these two orders.
  for (const char* time : {"create_time", "update_time"}) {
    main.indexes.push_back({absl::StrCat("i_", table(), "_", time), false, absl::StrCat(Quoted(time), ", `id`")});
  }
  if (has_identity_) main.columns.push_back({"identity", types.Blob()});
  for (const Field* field : column_fields_) {
    main.columns.push_back({field->name(), ColumnType(*field, dialect_)});
    if (field->rule.unique()) {
      const std::string name = absl::StrCat(field->name(), "_unique");
      main.columns.push_back({name, absl::StrCat("VARCHAR(", field->rule.max_length(), ")")});
      main.indexes.push_back({absl::StrCat("u_", table(), "_", name), true, Quoted(name)});
    }
    if ((field->rule.filterable() || field->rule.sortable()) && !field->repeated) {
      main.indexes.push_back(
          {absl::StrCat("i_", table(), "_", field->name()), false, absl::StrCat(Quoted(field->name()), ", `id`")});
    }
  }
  main.columns.push_back({"mac", types.Bytes(GivesRights(schema_) ? 32 : 16)});
  std::vector<TableDefinition> tables = {main};
  auto side = [&](absl::string_view suffix, absl::string_view key, std::string type) {
    const std::string name = absl::StrCat(table(), "_", suffix);
    tables.push_back({name,
                      {{std::string(key), std::move(type)}, {"id", id}},
                      absl::StrCat(Quoted(key), ", `id`"),
                      {{absl::StrCat("i_", name, "_id"), false, "`id`"}},
                      /*one_tree=*/true});
  };
  if (has_access()) {
    side("access", "key", absl::StrCat(types.Ascii(128), " NOT NULL"));
    tables.back().columns.push_back({"valid_from", types.Ascii(10)});
    tables.back().columns.push_back({"valid_to", types.Ascii(10)});
  }
  if (has_search_) side("search", "token", absl::StrCat(types.Ascii(64), " NOT NULL"));
  for (const Field* field : side_fields_) side(field->name(), "value", "VARCHAR(191) NOT NULL");
  return tables;
}

// A column without a value is left out, so that a column added by a later version changes no MAC. The value 0 of an
// enum counts as no value.
std::string TableShape::Mac(absl::string_view key, absl::string_view id, absl::Span<const Value> columns) const {
  std::string content = signed_start_;
  AppendColumn(id, content);
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto* number = absl::get_if<int64_t>(&columns[i]);
    const auto* text = absl::get_if<absl::string_view>(&columns[i]);
    const auto* blob = absl::get_if<Blob>(&columns[i]);
    const absl::string_view bytes = text != nullptr ? *text : blob != nullptr ? blob->bytes : absl::string_view();
    const bool says_nothing = number != nullptr ? *number == 0 : bytes.empty() || bytes == unsaid_[i + 1];
    if (says_nothing) continue;
    content += signed_names_[i + 1];
    number != nullptr ? AppendColumn(*number, content) : AppendColumn(bytes, content);
  }
  return SignatureOf(schema_, key, content);
}

std::string TableShape::MacOf(absl::string_view key, const Row& row) const {
  thread_local std::string content;  // reused, because the rows of a list have similar lengths
  content.assign(signed_start_);
  AppendColumn(row.Bytes(0), content);
  for (size_t i = 1; i + 1 < all_columns_.size(); ++i) {
    const int column = static_cast<int>(i);
    if (numbers_[i]) {
      const int64_t number = row.Integer(column);
      if (number == 0) continue;
      content += signed_names_[i];
      AppendColumn(number, content);
    } else if (const std::string bytes = row.Bytes(column); !bytes.empty() && bytes != unsaid_[i]) {
      content += signed_names_[i];
      AppendColumn(bytes, content);
    }
  }
  return SignatureOf(schema_, key, content);
}

bool TableShape::IsGenuine(absl::string_view key, const Row& row) const {
  return EqualInConstantTime(MacOf(key, row), row.Bytes(static_cast<int>(all_columns_.size()) - 1));
}

void TableShape::BindColumns(const Message& record, absl::string_view id, const RowMarks& marks,
                             Parameters& parameters) const {
  const size_t first = parameters.values().size();
  parameters.Add(marks.revision);
  parameters.Add(schema_.contract());
  parameters.Add(marks.create_time);
  parameters.Add(marks.update_time);
  if (has_identity_) marks.identity.empty() ? parameters.AddNull() : parameters.AddBlob(marks.identity);
  for (const Field* field : column_fields_) {
    BindField(record, *field, parameters);
    if (!field->rule.unique()) continue;
    std::string value = record.GetReflection()->GetString(record, field->descriptor);
    value.empty() ? parameters.AddNull() : parameters.AddText(std::move(value));
  }
  marks.key.empty() ? parameters.AddNull() : parameters.AddBlob(Mac(marks.key, id, parameters.values().subspan(first)));
}

void TableShape::BindRow(const Message& record, absl::string_view id, const RowMarks& marks,
                         Parameters& parameters) const {
  parameters.AddText(std::string(id));
  BindColumns(record, id, marks, parameters);
}

void TableShape::BindUpdate(const Message& record, absl::string_view id, const RowMarks& marks, int64_t revision_read,
                            Parameters& parameters) const {
  BindColumns(record, id, marks, parameters);
  parameters.AddText(std::string(id));
  parameters.Add(revision_read);
}

absl::Status TableShape::ReadRow(const Row& row, absl::string_view parent, Message& record) const {
  schema_.SetName(record, schema_.NameOf(row.Bytes(0), parent));
  record.GetReflection()->SetString(&record, schema_.Find("etag")->descriptor, absl::StrCat(row.Integer(1)));
  SetTime(row.Integer(3), record, schema_.Find("create_time")->descriptor);
  SetTime(row.Integer(4), record, schema_.Find("update_time")->descriptor);
  int column = has_identity_ ? kIdentityColumn + 1 : kIdentityColumn;
  for (const Field* field : column_fields_) {
    RETURN_IF_ERROR(ReadField(row, column++, *field, record));
    if (field->rule.unique()) ++column;
  }
  return absl::OkStatus();
}

std::string TextOf(const Message& record, const Field& field) {
  return record.GetReflection()->GetString(record, field.descriptor);
}

std::vector<std::string> TextValues(const Message& record, const Field& field) {
  const auto& reflection = *record.GetReflection();
  const FieldDescriptor* d = field.descriptor;
  std::vector<std::string> values;
  if (!d->is_repeated()) {
    if (d->cpp_type() == FieldDescriptor::CPPTYPE_STRING) values.push_back(reflection.GetString(record, d));
    return values;
  }
  for (int i = 0; i < reflection.FieldSize(record, d); ++i) {
    switch (d->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        values.push_back(reflection.GetRepeatedString(record, d, i));
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        values.push_back(reflection.GetRepeatedEnum(record, d, i)->name());
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        values.push_back(absl::StrCat(reflection.GetRepeatedInt32(record, d, i)));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        values.push_back(absl::StrCat(reflection.GetRepeatedInt64(record, d, i)));
        break;
      default:
        break;
    }
  }
  return values;
}

std::string ColumnText(const Message& record, const Field& field) {
  Parameters parameters;
  BindField(record, field, parameters);
  const Value& value = parameters.values()[0];
  if (const auto* number = absl::get_if<int64_t>(&value)) {
    return field.kind == Kind::kBool ? (*number != 0 ? "true" : "false") : absl::StrCat(*number);
  }
  const auto* text = absl::get_if<absl::string_view>(&value);
  return text == nullptr ? "" : std::string(*text);
}

}  // namespace tsunagu::store
