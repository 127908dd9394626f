#include "common/contract/validate.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/utf8.h"
#include "common/jp/area_code.h"
#include "common/jp/civil_day.h"
#include "common/jp/mesh.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace tsunagu::contract {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void CheckMessage(const Message& message, absl::string_view path, bool inside_record, Faults& faults);

std::string Join(absl::string_view path, absl::string_view field) {
  return path.empty() ? std::string(field) : absl::StrCat(path, ".", field);
}

bool StartsWithSpace(absl::string_view text) { return text.front() == ' ' || text.substr(0, 3) == "\u3000"; }
bool EndsWithSpace(absl::string_view text) {
  return text.back() == ' ' || (text.size() >= 3 && text.substr(text.size() - 3) == "\u3000");
}

bool HasControlCharacter(absl::string_view text, bool multiline) {
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (multiline && (c == '\n' || c == '\t')) continue;
    if (c < 0x20 || c == 0x7F) return true;
    if (c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;  // C1
  }
  return false;
}

void CheckFormat(absl::string_view path, absl::string_view text, Format format, Faults& faults) {
  switch (format) {
    case FORMAT_AREA_CODE:
      return faults.Add(path, jp::AreaCode::Parse(text).status());
    case FORMAT_MESH_CODE:
      return faults.Add(path, jp::MeshCentre(text).status());
    case FORMAT_SLUG:
      if (!IsWellFormedId(text)) faults.Add(path, "MALFORMED_ID"_reason);
      return;
    default:
      return;
  }
}

void CheckReference(absl::string_view path, absl::string_view name, const std::string& type, Faults& faults) {
  const Schema* schema = Schema::OfType(type);
  if (schema != nullptr ? schema->IdOf(name).ok() : IsWellFormedName(name)) return;
  faults.Add(path, "MALFORMED_NAME"_reason, {{"pattern", schema ? schema->pattern() : "collection/id"}});
}

void CheckText(absl::string_view path, const std::string& text, const FieldDescriptor& field, const FieldRule& rule,
               Faults& faults) {
  if (text.empty()) return;
  const bool multiline = rule.format() == FORMAT_MULTILINE;
  const bool indexed = rule.filterable() || rule.sortable() || rule.unique();
  const int max = rule.max_length() != 0 ? rule.max_length() : indexed ? kIndexedLength : kDefaultLength;
  // Protobuf has refused what is no UTF-8.
  if (CountCharacters(text) > max) faults.Add(path, "FIELD_TOO_LONG"_reason, {{"max", absl::StrCat(max)}});
  if (StartsWithSpace(text) || EndsWithSpace(text) || HasControlCharacter(text, multiline)) {
    faults.Add(path, "MALFORMED_TEXT"_reason);
    return;
  }
  CheckFormat(path, text, rule.format(), faults);
  const std::string type = contract::ReferredType(field, text);
  if (!type.empty()) CheckReference(path, text, type, faults);
}

void CheckNumber(absl::string_view path, int64_t number, const FieldRule& rule, Faults& faults) {
  if (rule.min() == 0 && rule.max() == 0) return;
  if (number >= rule.min() && number <= rule.max()) return;
  faults.Add(path, "OUT_OF_RANGE"_reason, {{"min", absl::StrCat(rule.min())}, {"max", absl::StrCat(rule.max())}});
}

void CheckEnum(absl::string_view path, int number, const FieldDescriptor& field, Faults& faults) {
  if (field.enum_type()->FindValueByNumber(number) != nullptr) return;
  std::vector<std::string> allowed;
  for (int i = 1; i < field.enum_type()->value_count(); ++i) allowed.push_back(field.enum_type()->value(i)->name());
  faults.Add(path, "UNKNOWN_ENUM_VALUE"_reason, {{"allowed", absl::StrJoin(allowed, ", ")}});
}

void CheckSubmessage(absl::string_view path, const Message& value, Faults& faults) {
  const std::string& type = value.GetDescriptor()->full_name();
  if (type == "google.type.Date") {
    faults.Add(path, jp::CheckDate(static_cast<const google::type::Date&>(value)));
  } else if (type == "google.protobuf.Timestamp") {
    const auto& time = static_cast<const google::protobuf::Timestamp&>(value);
    if (time.nanos() % 1000 != 0) faults.Add(path, "TIMESTAMP_TOO_FINE"_reason);
    if (time.nanos() < 0 || time.nanos() > 999'999'999 || time.seconds() < -62'135'596'800 ||
        time.seconds() > 253'402'300'799) {
      faults.Add(path, "MALFORMED_VALUE"_reason);
    }
  } else if (type != "google.protobuf.FieldMask") {
    CheckMessage(value, path, Schema::IsRecord(value.GetDescriptor()), faults);
  }
}

void CheckItem(const Message& message, const FieldDescriptor& field, int index, absl::string_view path,
               const FieldRule& rule, Faults& faults) {
  const auto& reflection = *message.GetReflection();
  const bool repeated = index >= 0;
  std::string scratch;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      if (field.type() == FieldDescriptor::TYPE_BYTES) return;
      const std::string& text = repeated ? reflection.GetRepeatedStringReference(message, &field, index, &scratch)
                                         : reflection.GetStringReference(message, &field, &scratch);
      if (repeated && text.empty()) faults.Add(path, "FIELD_REQUIRED"_reason);
      return CheckText(path, text, field, rule, faults);
    }
    case FieldDescriptor::CPPTYPE_INT32:
      return CheckNumber(
          path, repeated ? reflection.GetRepeatedInt32(message, &field, index) : reflection.GetInt32(message, &field),
          rule, faults);
    case FieldDescriptor::CPPTYPE_INT64:
      return CheckNumber(
          path, repeated ? reflection.GetRepeatedInt64(message, &field, index) : reflection.GetInt64(message, &field),
          rule, faults);
    case FieldDescriptor::CPPTYPE_ENUM:
      if (repeated && reflection.GetRepeatedEnumValue(message, &field, index) == 0) {
        return faults.Add(path, "FIELD_REQUIRED"_reason);
      }
      return CheckEnum(
          path,
          repeated ? reflection.GetRepeatedEnumValue(message, &field, index) : reflection.GetEnumValue(message, &field),
          field, faults);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return CheckSubmessage(
          path,
          repeated ? reflection.GetRepeatedMessage(message, &field, index) : reflection.GetMessage(message, &field),
          faults);
    default:
      return;
  }
}

bool Is(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& behaviors = field.options().GetRepeatedExtension(google::api::field_behavior);
  for (const int one : behaviors) {
    if (one == behavior) return true;
  }
  return false;
}

void CheckField(const Message& message, const FieldDescriptor& field, absl::string_view path, Faults& faults) {
  const auto& reflection = *message.GetReflection();
  const FieldRule& rule = field.options().GetExtension(tsunagu::field);
  if (field.is_repeated()) {
    const int size = reflection.FieldSize(message, &field);
    const int max = rule.max_items() == 0 ? 100 : rule.max_items();
    if (size == 0 && Is(field, google::api::REQUIRED)) faults.Add(path, "FIELD_REQUIRED"_reason);
    if (size > max) return faults.Add(path, "TOO_MANY_ITEMS"_reason, {{"max", absl::StrCat(max)}});
    for (int i = 0; i < size; ++i) CheckItem(message, field, i, absl::StrCat(path, "[", i, "]"), rule, faults);
    return;
  }
  if (!reflection.HasField(message, &field)) {  // absent, or the default of a field without presence
    if (!Is(field, google::api::REQUIRED)) return;
    // A number without presence cannot tell 0 from absent: the range is checked with 0.
    const bool is_number =
        field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 || field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
    if (is_number && !field.has_presence() && rule.min() > 0) return CheckNumber(path, 0, rule, faults);
    faults.Add(path, "FIELD_REQUIRED"_reason);
    return;
  }
  CheckItem(message, field, -1, path, rule, faults);
}

void CheckMessage(const Message& message, absl::string_view path, bool inside_record, Faults& faults) {
  const auto& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const bool record = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated() &&
                        Schema::IsRecord(field.message_type());
    if (record && !inside_record) {
      if (Is(field, google::api::REQUIRED) && !message.GetReflection()->HasField(message, &field))
        faults.Add(field.name(), "FIELD_REQUIRED"_reason);
      continue;
    }
    if (inside_record && (Is(field, google::api::OUTPUT_ONLY) || Is(field, google::api::IDENTIFIER))) continue;
    CheckField(message, field, Join(path, field.name()), faults);
  }
}

}  // namespace

absl::Status ValidateRequest(const Message& request) {
  Faults faults;
  CheckMessage(request, "", false, faults);
  return faults.ToStatus();
}

void ValidateRecord(const Schema& schema, const Message& record, absl::string_view path, Faults& faults) {
  CheckMessage(record, path, true, faults);
  if (!schema.has_period()) return;
  const auto& reflection = *record.GetReflection();
  for (const Field* field : {schema.period_from(), schema.period_to()}) {
    if (!reflection.HasField(record, field->descriptor)) return;
    const auto& date = static_cast<const google::type::Date&>(reflection.GetMessage(record, field->descriptor));
    if (!jp::CheckDate(date).ok()) return;  // reported above
  }
  if (!schema.PeriodOf(record).valid()) {
    faults.Add(Join(path, schema.period_to()->name()), "PERIOD_ENDS_BEFORE_START"_reason);
  }
}

}  // namespace tsunagu::contract
