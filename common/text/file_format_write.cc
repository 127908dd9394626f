#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/contract/own_id.h"
#include "common/jp/civil_day.h"
#include "common/text/columns.h"
#include "common/text/file_format.h"
#include "common/text/json.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "google/type/date.pb.h"

namespace tsunagu {

using contract::Field;
using contract::Kind;
using contract::Schema;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsColumn(const Field& field) { return !field.identifier && !field.output_only && field.name() != "etag"; }

std::string IdColumn(const Schema& schema) { return absl::StrCat(absl::AsciiStrToLower(schema.word()), "_id"); }

bool HasIdColumn(const Schema& schema) { return schema.rule().id_field().empty(); }

std::string ParentColumn(const Schema& schema, Language language) {
  const Schema& parent = *schema.parent();
  const std::string& ja = parent.rule().ja();
  return language == Language::kJapanese && !ja.empty() ? ja : absl::AsciiStrToLower(parent.word());
}

std::string ShortName(const EnumValueDescriptor& value) {
  const std::string& zero = value.type()->value(0)->name();
  absl::string_view name = value.name();
  absl::ConsumePrefix(&name, zero.substr(0, zero.size() - std::string("UNSPECIFIED").size()));
  return std::string(name);
}

std::string EnumWord(const EnumValueDescriptor& value, Language language) {
  const std::string& ja = value.options().GetExtension(tsunagu::ja);
  return language == Language::kJapanese && !ja.empty() ? ja : ShortName(value);
}

namespace {

std::string WriteItem(const Message& record, const Field& field, int index, Language language) {
  const auto& reflection = *record.GetReflection();
  const FieldDescriptor* d = field.descriptor;
  const bool repeated = d->is_repeated();
  switch (d->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return repeated ? reflection.GetRepeatedString(record, d, index) : reflection.GetString(record, d);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumWord(repeated ? *reflection.GetRepeatedEnum(record, d, index) : *reflection.GetEnum(record, d),
                      language);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(record, d) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(repeated ? reflection.GetRepeatedInt32(record, d, index) : reflection.GetInt32(record, d));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(repeated ? reflection.GetRepeatedInt64(record, d, index) : reflection.GetInt64(record, d));
    default:
      break;
  }
  const Message& value = repeated ? reflection.GetRepeatedMessage(record, d, index) : reflection.GetMessage(record, d);
  if (field.kind == Kind::kDate) return jp::FormatIso(jp::DayOf(static_cast<const google::type::Date&>(value)));
  if (field.kind == Kind::kTime) {
    return google::protobuf::util::TimeUtil::ToString(static_cast<const google::protobuf::Timestamp&>(value));
  }
  return contract::MessageToJson(value, false).value_or("");
}

}  // namespace

std::string CellOf(const Message& record, const Field& field, Language language) {
  const auto& reflection = *record.GetReflection();
  if (!field.repeated) {
    const bool absent = field.descriptor->has_presence() || field.kind == Kind::kEnum
                            ? !reflection.HasField(record, field.descriptor)
                            : false;
    return absent ? "" : WriteItem(record, field, -1, language);
  }
  std::vector<std::string> items;
  for (int i = 0; i < reflection.FieldSize(record, field.descriptor); ++i) {
    items.push_back(WriteItem(record, field, i, language));
  }
  return absl::StrJoin(items, ";");
}

std::vector<std::string> ContractHeading(const Schema& schema, Language language) {
  std::vector<std::string> heading;
  if (schema.has_parent()) heading.push_back(ParentColumn(schema, language));
  if (HasIdColumn(schema)) heading.push_back(IdColumn(schema));
  for (const Field& field : schema.fields()) {
    if (!IsColumn(field)) continue;
    heading.push_back(language == Language::kJapanese && !field.rule.ja().empty() ? field.rule.ja() : field.name());
  }
  return heading;
}

std::vector<std::string> ContractCells(const Schema& schema, const Message& record, Language language) {
  std::vector<std::string> cells;
  const std::string name = schema.NameIn(record);
  if (schema.has_parent()) cells.emplace_back(Schema::ParentOf(name));
  if (HasIdColumn(schema)) cells.push_back(contract::OwnId(name));
  for (const Field& field : schema.fields()) {
    if (IsColumn(field)) cells.push_back(CellOf(record, field, language));
  }
  return cells;
}

}  // namespace tsunagu
