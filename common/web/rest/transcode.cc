#include "common/web/rest/transcode.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/json.h"
#include "common/web/rest/query.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/util/message_differencer.h"

namespace tsunagu::web {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* FindString(const Descriptor& type, const char* name) {
  const FieldDescriptor* field = type.FindFieldByName(name);
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated() ? field : nullptr;
}

Message& HolderOf(const FieldPath& path, Message& message) {
  Message* holder = &message;
  for (size_t i = 0; i + 1 < path.size(); ++i) holder = holder->GetReflection()->MutableMessage(holder, path[i]);
  return *holder;
}

// Fills one message from the parts of one request.
class Decoder {
 public:
  Decoder(const HttpRules::Match& match, const RestRequest& request, Message& message)
      : rule_(*match.rule), match_(match), request_(request), message_(message) {}

  // Returns an error of the whole request alone, else all faults of the fields.
  absl::Status Run() {
    RETURN_IF_ERROR(TakeBody());
    for (const auto& [variable, value] : match_.values) TakeVariable(variable->field, value);
    RETURN_IF_ERROR(PutQuery(rule_, request_.query, IsFile(rule_, request_), message_, faults_));
    TakeIfMatch();
    if (request_.if_none_match && match_.rule->verb != "GET") {
      faults_.Add("If-None-Match", "IF_NONE_MATCH_NOT_TAKEN"_reason);
    }
    TakeIdempotencyKey();
    if (faults_.empty()) DeriveMask();
    return faults_.ToStatus();
  }

 private:
  absl::Status TakeBody() {
    if (request_.body.empty()) return absl::OkStatus();
    if (rule_.body == HttpRule::Body::kNone) return Fail("BODY_NOT_TAKEN"_reason);
    if (IsFile(rule_, request_)) {
      message_.GetReflection()->SetString(&message_, rule_.file_field, std::string(request_.body));
      return absl::OkStatus();
    }
    const std::string allowed = absl::StrJoin(BodyTypes(rule_), ", ");
    const std::string type = request_.content_type.value_or("");
    if (type.empty()) return Fail("CONTENT_TYPE_MISSING"_reason, {{"allowed", allowed}});
    if (MediaTypeOf(type) != kJson) {
      return Fail("MEDIA_TYPE_UNKNOWN"_reason, {{"media_type", type}, {"allowed", allowed}});
    }
    const bool whole = rule_.body == HttpRule::Body::kAll;
    Message& target = whole ? message_ : *message_.GetReflection()->MutableMessage(&message_, rule_.body_field);
    const absl::Status status = contract::JsonToMessage(request_.body, target);
    if (!status.ok() && FaultOf(status).faults().empty()) return status;
    faults_.Add(whole ? "" : rule_.body_field->name(), status);
    return absl::OkStatus();
  }

  // The body may repeat a value of the path.
  void TakeVariable(const FieldPath& path, const std::string& value) {
    Message& holder = HolderOf(path, message_);
    const FieldDescriptor& field = *path.back();
    std::unique_ptr<Message> body(holder.New());
    const bool said = holder.GetReflection()->HasField(holder, &field);
    if (said) body->CopyFrom(holder);
    const absl::Status status = PutText(message_, path, value);
    faults_.Add(NameOf(path), status);
    if (!said || !status.ok()) return;
    google::protobuf::util::MessageDifferencer differencer;
    if (differencer.CompareWithFields(*body, holder, {&field}, {&field})) return;
    faults_.Add(NameOf(path), "SAID_DIFFERENTLY"_reason, {{"places", "path, body"}});
  }

  // Sets the etag of the request, or of the record that the path names.
  void TakeIfMatch() {
    if (!request_.if_match) return;
    absl::string_view etag = absl::StripAsciiWhitespace(*request_.if_match);
    Message* holder = FindString(*message_.GetDescriptor(), "etag") != nullptr ? &message_ : nullptr;
    for (const HttpRule::Variable& variable : rule_.variables) {
      if (holder != nullptr || variable.field.size() < 2) continue;
      Message& named = HolderOf(variable.field, message_);
      if (FindString(*named.GetDescriptor(), "etag") != nullptr) holder = &named;
    }
    if (holder == nullptr) return faults_.Add("If-Match", "IF_MATCH_NOT_TAKEN"_reason);
    if (etag == "*") return;  // any present state
    const bool quoted = absl::ConsumePrefix(&etag, "\"") && absl::ConsumeSuffix(&etag, "\"");
    if (!quoted || etag.empty() || etag.find('"') != absl::string_view::npos) {
      return faults_.Add("If-Match", "MALFORMED_HEADER"_reason, {{"example", "If-Match: \"3\""}});
    }
    Say(*holder, *FindString(*holder->GetDescriptor(), "etag"), etag, "If-Match");
  }

  // With or without the quotes that its draft requires. Ignored when the method changes nothing.
  void TakeIdempotencyKey() {
    const FieldDescriptor* field = FindString(*message_.GetDescriptor(), "request_id");
    if (!request_.idempotency_key || field == nullptr) return;
    absl::string_view key = absl::StripAsciiWhitespace(*request_.idempotency_key);
    if (absl::ConsumePrefix(&key, "\"") && !absl::ConsumeSuffix(&key, "\"")) key = "";
    if (key.empty() || key.find_first_of("\"\\") != absl::string_view::npos) {
      const std::string example = "Idempotency-Key: \"8e03978e-40d5-43dd-bc93-6894a57f9324\"";
      return faults_.Add("Idempotency-Key", "MALFORMED_HEADER"_reason, {{"example", example}});
    }
    Say(message_, *field, key, "Idempotency-Key");
  }

  void Say(Message& holder, const FieldDescriptor& field, absl::string_view value, absl::string_view header) {
    const std::string there = holder.GetReflection()->GetString(holder, &field);
    if (!there.empty() && there != value) {
      const std::string places = absl::StrCat(header, ", ", field.name());
      return faults_.Add(header, "SAID_DIFFERENTLY"_reason, {{"places", places}});
    }
    holder.GetReflection()->SetString(&holder, &field, std::string(value));
  }

  void DeriveMask() {
    const FieldDescriptor* field = message_.GetDescriptor()->FindFieldByName("update_mask");
    const auto& reflection = *message_.GetReflection();
    const bool wanted = rule_.verb == "PATCH" && rule_.body_field != nullptr && !request_.body.empty() &&
                        field != nullptr && field->message_type() == google::protobuf::FieldMask::descriptor();
    if (!wanted || reflection.HasField(message_, field)) return;
    google::protobuf::FieldMask mask;
    for (std::string& name : contract::FieldsNamed(request_.body, *rule_.body_field->message_type())) {
      if (name != "name" && name != "etag") mask.add_paths(std::move(name));
    }
    reflection.MutableMessage(&message_, field)->ParseFromString(mask.SerializeAsString());
  }

  const HttpRule& rule_;
  const HttpRules::Match& match_;
  const RestRequest& request_;
  Message& message_;
  Faults faults_;
};

bool IsBytes(const FieldDescriptor* field) {
  return field != nullptr && field->type() == FieldDescriptor::TYPE_BYTES && !field->is_repeated();
}

// Returns the JSON of a field's default value.
std::string Empty(const FieldDescriptor& field) {
  if (field.is_map()) return "{}";
  if (field.is_repeated()) return "[]";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return "{}";
    case FieldDescriptor::CPPTYPE_STRING:
      return "\"\"";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrCat("\"", field.default_value_enum()->name(), "\"");
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return "\"0\"";
    default:
      return "0";
  }
}

}  // namespace

std::vector<std::string> BodyTypes(const HttpRule& rule) {
  if (rule.file_field == nullptr) return {kJson};
  return {kJson, kCsv, kXlsx, kBytes};
}

bool IsFile(const HttpRule& rule, const RestRequest& request) {
  if (rule.file_field == nullptr || !request.content_type) return false;
  const std::string type = MediaTypeOf(*request.content_type, /*any_charset=*/true);
  return type == kCsv || type == kXlsx || type == kBytes;
}

absl::Status DecodeRest(const HttpRules::Match& match, const RestRequest& request, Message& message) {
  std::unique_ptr<Message> fresh(message.New());
  RETURN_IF_ERROR(Decoder(match, request, *fresh).Run());
  message.GetReflection()->Swap(&message, fresh.get());
  return absl::OkStatus();
}

const char* AnswerTypeOf(const HttpRule& rule) {
  if (!IsBytes(rule.response_field)) return kJson;
  return rule.response_field->name() == "geo_json" ? kGeoJson : kBytes;
}

absl::StatusOr<std::string> EncodeRest(const HttpRule& rule, const Message& answer) {
  if (rule.response_field == nullptr) return contract::MessageToJson(answer, false);
  if (IsBytes(rule.response_field)) return answer.GetReflection()->GetString(answer, rule.response_field);
  std::unique_ptr<Message> part(answer.New());
  part->CopyFrom(answer);
  std::vector<const FieldDescriptor*> fields;
  part->GetReflection()->ListFields(*part, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field != rule.response_field) part->GetReflection()->ClearField(part.get(), field);
  }
  ASSIGN_OR_RETURN(const std::string json, contract::MessageToJson(*part, false));
  absl::string_view value = json;
  const bool there = absl::ConsumePrefix(&value, absl::StrCat("{\"", rule.response_field->name(), "\":")) &&
                     absl::ConsumeSuffix(&value, "}");
  return there ? std::string(value) : Empty(*rule.response_field);
}

std::string EtagOf(const Message& answer) {
  const FieldDescriptor* field = FindString(*answer.GetDescriptor(), "etag");
  if (field == nullptr) return "";
  const std::string etag = answer.GetReflection()->GetString(answer, field);
  return etag.empty() ? "" : absl::StrCat("\"", etag, "\"");
}

std::string MediaTypeOf(absl::string_view content_type, bool any_charset) {
  const std::vector<std::string> parts = absl::StrSplit(absl::AsciiStrToLower(content_type), ';');
  for (size_t i = 1; i < parts.size() && !any_charset; ++i) {
    absl::string_view parameter = absl::StripAsciiWhitespace(parts[i]);
    if (absl::ConsumePrefix(&parameter, "charset=") && parameter != "utf-8" && parameter != "\"utf-8\"") return "";
  }
  return std::string(absl::StripAsciiWhitespace(parts[0]));
}

}  // namespace tsunagu::web
