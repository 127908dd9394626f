#include "common/web/rest/openapi_schema.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/contract/schema.h"
#include "common/text/json_values.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::web {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr int kMostItems = 100;  // when the contract gives no max_items

bool Is(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  for (const int one : field.options().GetRepeatedExtension(google::api::field_behavior)) {
    if (one == behavior) return true;
  }
  return false;
}

const FieldRule& RuleOf(const FieldDescriptor& field) { return field.options().GetExtension(tsunagu::field); }

bool IsEntered(const FieldDescriptor& field) { return !Is(field, google::api::OUTPUT_ONLY); }

// The patterns also accept an empty field: the message's list of required fields excludes that.
const char* PatternOf(Format format) {
  switch (format) {
    case FORMAT_AREA_CODE:
      return "^([0-9]{6})?$";
    case FORMAT_MESH_CODE:
      return "^([0-9]{8})?$";
    case FORMAT_SLUG:
      return "^([a-z0-9][a-z0-9-]{0,63})?$";
    default:
      return nullptr;
  }
}

Json Reference(const std::string& name) { return {{"$ref", absl::StrCat("#/components/schemas/", name)}}; }

Json DateSchema() {
  const Json number = {{"type", "integer"}, {"format", "int32"}};
  return {{"description", "A day: as an object, which is how answers say it, or as text, 2025-04-01."},
          {"oneOf", Json::array({{{"type", "object"},
                                  {"properties", {{"year", number}, {"month", number}, {"day", number}}},
                                  {"additionalProperties", false}},
                                 {{"type", "string"}, {"format", "date"}}})}};
}

Json AnySchema() {
  return {{"description", "Any message; @type says which."},
          {"type", "object"},
          {"properties", {{"@type", {{"type", "string"}}}}},
          {"required", {"@type"}}};
}

// Pages that show a document ignore titles, so the Japanese name is added here: "団体コード: six digits with check
// digit."
std::string Explained(const std::string& ja, absl::string_view comment) {
  if (ja.empty() || absl::StrContains(comment, ja)) return std::string(comment);
  return comment.empty() ? ja : absl::StrCat(ja, ": ", comment);
}

}  // namespace

Json Schemas::Ref(const Descriptor& message) {
  if (done_.count(message.full_name()) != 0) return Reference(message.full_name());
  done_[message.full_name()] = nullptr;  // the message may contain itself
  Json schema = {{"type", "object"}};
  const std::string& ja = message.options().GetExtension(tsunagu::record).ja();
  if (!ja.empty()) schema["title"] = ja;
  if (const auto comment = comments_.Of(message.full_name()); !comment.empty())
    schema["description"] = std::string(comment);
  schema["properties"] = Properties(message, {});
  done_[message.full_name()] = std::move(schema);
  return Reference(message.full_name());
}

Json Schemas::OfField(const FieldDescriptor& field) {
  Json schema;
  if (field.is_map()) {
    schema = {{"type", "object"}, {"additionalProperties", Item(*field.message_type()->map_value())}};
  } else if (field.is_repeated()) {
    schema = {{"type", "array"}, {"items", Item(field)}};
    const int most = RuleOf(field).max_items() == 0 ? kMostItems : RuleOf(field).max_items();
    if (IsEntered(field)) schema["maxItems"] = most;
  } else {
    schema = Item(field);
  }
  const std::string& ja = RuleOf(field).ja();
  if (!ja.empty()) schema["title"] = ja;
  if (const auto words = Explained(ja, comments_.Of(field.full_name())); !words.empty()) schema["description"] = words;
  if (Is(field, google::api::OUTPUT_ONLY)) schema["readOnly"] = true;
  if (Is(field, google::api::INPUT_ONLY)) schema["writeOnly"] = true;
  if (Is(field, google::api::IMMUTABLE)) schema["x-tsunagu-immutable"] = true;
  if (RuleOf(field).privacy() == PRIVACY_IDENTIFYING) schema["x-tsunagu-privacy"] = "identifying";
  if (RuleOf(field).privacy() == PRIVACY_CONFIDENTIAL) schema["x-tsunagu-privacy"] = "confidential";
  const std::string& type = field.options().GetExtension(google::api::resource_reference).type();
  if (!type.empty()) schema["x-tsunagu-reference"] = type;
  return schema;
}

Json Schemas::OfBody(const Descriptor& request, const std::set<std::string>& without) {
  Json schema = {{"type", "object"}, {"properties", Properties(request, without)}, {"additionalProperties", false}};
  if (Json required = Required(request, without); !required.empty()) schema["required"] = std::move(required);
  return schema;
}

Json Schemas::Required(const Descriptor& message, const std::set<std::string>& without) {
  Json names = Json::array();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (Is(field, google::api::REQUIRED) && without.count(field.name()) == 0) names.push_back(field.name());
  }
  return names;
}

Json Schemas::components() {
  Json all = Json::object();
  for (auto& [name, schema] : done_) all[name] = schema;
  return all;
}

Json Schemas::Item(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_STRING:
      return Text(field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumRef(*field.enum_type());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageOrValue(*field.message_type());
    default:
      return Number(field);
  }
}

// JSON has no integers of 64 bits: answers contain them as text.
Json Schemas::Number(const FieldDescriptor& field) {
  Json schema;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return {{"type", "number"}};
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      schema = {{"type", {"integer", "string"}}, {"format", "int64"}, {"pattern", "^-?[0-9]{1,19}$"}};
      break;
    default:
      schema = {{"type", "integer"}, {"format", "int32"}};
  }
  const FieldRule& rule = RuleOf(field);
  if (rule.min() == 0 && rule.max() == 0) return schema;
  schema["minimum"] = rule.min();
  schema["maximum"] = rule.max();
  return schema;
}

Json Schemas::Text(const FieldDescriptor& field) {
  if (field.type() == FieldDescriptor::TYPE_BYTES) return {{"type", "string"}, {"contentEncoding", "base64"}};
  Json schema = {{"type", "string"}};
  const FieldRule& rule = RuleOf(field);
  const bool indexed = rule.filterable() || rule.sortable() || rule.unique();
  const int most = rule.max_length() != 0 ? rule.max_length()
                   : indexed              ? contract::kIndexedLength
                                          : contract::kDefaultLength;
  if (IsEntered(field) && !field.options().GetRepeatedExtension(google::api::field_behavior).empty()) {
    schema["maxLength"] = most;
  }
  if (const char* pattern = PatternOf(rule.format())) schema["pattern"] = pattern;
  return schema;
}

Json Schemas::EnumRef(const EnumDescriptor& type) {
  Json& schema = done_[type.full_name()];
  if (schema.is_null()) {
    Json names = Json::array(), ja = Json::array(), meanings = Json::array();
    bool any_ja = false;
    for (int i = 0; i < type.value_count(); ++i) {
      names.push_back(type.value(i)->name());
      ja.push_back(type.value(i)->options().GetExtension(tsunagu::ja));
      any_ja |= !ja.back().get<std::string>().empty();
      meanings.push_back(Explained(ja.back().get<std::string>(), comments_.Of(type.value(i)->full_name())));
    }
    schema = {{"type", "string"}, {"enum", names}};
    if (any_ja) schema["x-enum-ja"] = ja;
    schema["x-enum-descriptions"] = meanings;
    if (const auto comment = comments_.Of(type.full_name()); !comment.empty())
      schema["description"] = std::string(comment);
  }
  return Reference(type.full_name());
}

Json Schemas::MessageOrValue(const Descriptor& type) {
  const std::string& name = type.full_name();
  if (name == "google.protobuf.Timestamp") return {{"type", "string"}, {"format", "date-time"}};
  if (name == "google.protobuf.Duration") return {{"type", "string"}, {"pattern", "^-?[0-9]+([.][0-9]{1,9})?s$"}};
  if (name == "google.protobuf.FieldMask") {
    return {{"type", "string"}, {"description", "Names of fields: display_name,end_date."}};
  }
  if (name == "google.type.Date" || name == "google.protobuf.Any") {
    done_[name] = name == "google.type.Date" ? DateSchema() : AnySchema();
    return Reference(name);
  }
  return Ref(type);
}

Json Schemas::Properties(const Descriptor& message, const std::set<std::string>& without) {
  Json properties = Json::object();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (without.count(field.name()) == 0) properties[field.name()] = OfField(field);
  }
  return properties;
}

}  // namespace tsunagu::web
