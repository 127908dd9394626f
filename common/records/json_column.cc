#include "common/records/json_column.h"

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/records/table_shape.h"
#include "common/text/json.h"
#include "google/protobuf/util/json_util.h"

namespace tsunagu::store {
namespace {

using contract::Field;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsSet(const Message& record, const FieldDescriptor* field) {
  const auto& reflection = *record.GetReflection();
  return field->is_repeated() ? reflection.FieldSize(record, field) > 0 : reflection.HasField(record, field);
}

void AppendQuoted(absl::string_view text, std::string& json) {
  json += '"';
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppend(&json, "\\u00", absl::Hex(c, absl::kZeroPad2));
      continue;
    }
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  json += '"';
}

}  // namespace

std::string ToJsonColumn(const Message& record, const Field& field) {
  if (!IsSet(record, field.descriptor)) return "";
  const bool words = field.repeated && (field.descriptor->type() == FieldDescriptor::TYPE_STRING ||
                                        field.descriptor->type() == FieldDescriptor::TYPE_ENUM);
  if (words) {  // nearly all fields; the library takes ten times longer
    std::string json = absl::StrCat("{\"", field.name(), "\":[");
    for (const std::string& value : TextValues(record, field)) {
      if (json.back() != '[') json += ',';
      AppendQuoted(value, json);
    }
    return json + "]}";
  }
  std::unique_ptr<Message> only(record.New());
  only->CopyFrom(record);
  std::vector<const FieldDescriptor*> set;
  only->GetReflection()->ListFields(*only, &set);
  for (const FieldDescriptor* other : set) {
    if (other != field.descriptor) only->GetReflection()->ClearField(only.get(), other);
  }
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  (void)google::protobuf::util::MessageToJsonString(*only, &json, options);
  return json == "{}" ? "" : json;
}

absl::Status FromJsonColumn(const std::string& json, Message& record) {
  std::unique_ptr<Message> part(record.New());
  if (!contract::JsonToMessage(json, *part).ok()) {
    // The library is ten times slower, but ignores what a newer binary has written.
    part->Clear();
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = true;
    if (!google::protobuf::util::JsonStringToMessage(json, part.get(), options).ok()) {
      return absl::DataLossError("JSON");
    }
  }
  record.MergeFrom(*part);
  return absl::OkStatus();
}

}  // namespace tsunagu::store
