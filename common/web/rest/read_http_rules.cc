#include "common/web/rest/read_http_rules.h"

#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/text/json_values.h"
#include "common/web/rest/http_template.h"
#include "google/api/annotations.pb.h"
#include "google/api/http.pb.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::web {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

bool IsScalar(const FieldDescriptor& field) {
  return field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || !contract::IsJsonObject(*field.message_type());
}

std::pair<std::string, std::string> VerbAndPath(const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return {"GET", rule.get()};
    case google::api::HttpRule::kPut:
      return {"PUT", rule.put()};
    case google::api::HttpRule::kPost:
      return {"POST", rule.post()};
    case google::api::HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    case google::api::HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    case google::api::HttpRule::kCustom:
      return {rule.custom().kind(), rule.custom().path()};
    default:
      return {};
  }
}

// Reads one binding and collects its errors.
class Reader {
 public:
  Reader(const google::protobuf::MethodDescriptor& method, const google::api::HttpRule& from,
         std::vector<std::string>& faults)
      : from_(from), faults_(faults) {
    rule_.method = &method;
  }

  HttpRule Read() {
    std::tie(rule_.verb, rule_.path) = VerbAndPath(from_);
    if (rule_.verb.empty()) {
      Fault("has no verb");
      return std::move(rule_);
    }
    absl::StatusOr<HttpTemplate> path = ParseHttpTemplate(rule_.path);
    if (!path.ok()) {
      Fault(path.status().message());
      return std::move(rule_);
    }
    rule_.segments = std::move(path->segments);
    rule_.custom = std::move(path->custom);
    for (const HttpTemplate::Variable& variable : path->variables) ReadVariable(variable);
    ReadBody();
    std::set<const Descriptor*> seen;
    CheckQuery(*rule_.method->input_type(), {}, seen);
    return std::move(rule_);
  }

 private:
  template <class... Parts>
  void Fault(const Parts&... parts) {
    faults_.push_back(absl::StrCat(rule_.method->full_name(), ": ", rule_.verb, " ", rule_.path, ": ", parts...));
  }

  void ReadVariable(const HttpTemplate::Variable& variable) {
    FieldPath path;
    const Descriptor* message = rule_.method->input_type();
    for (const absl::string_view name : absl::StrSplit(variable.field, '.')) {
      const FieldDescriptor* field = message == nullptr ? nullptr : message->FindFieldByName(std::string(name));
      if (field == nullptr || field->is_repeated()) return Fault(variable.field, " is no single field of the request");
      path.push_back(field);
      message = IsScalar(*field) ? nullptr : field->message_type();
      if (IsConfidential(*field)) Fault(variable.field, " may not stand in a path: it is confidential");
    }
    if (message != nullptr) return Fault(variable.field, " is a message");
    for (const HttpRule::Variable& other : rule_.variables) {
      if (NameOf(other.field) == variable.field) return Fault(variable.field, " is there twice");
    }
    rule_.variables.push_back({std::move(path), variable.begin, variable.end});
  }

  void ReadBody() {
    if (!from_.body().empty() && (rule_.verb == "GET" || rule_.verb == "DELETE")) Fault("takes no body");
    if (from_.body() == "*") {
      rule_.body = HttpRule::Body::kAll;
      rule_.file_field = FindData(*rule_.method->input_type());
    } else if (!from_.body().empty()) {
      rule_.body = HttpRule::Body::kField;
      rule_.body_field = rule_.method->input_type()->FindFieldByName(from_.body());
      if (rule_.body_field == nullptr || rule_.body_field->is_repeated() || IsScalar(*rule_.body_field)) {
        Fault("the body ", from_.body(), " is no message of the request");
      }
    }
    if (from_.response_body().empty()) return;
    rule_.response_field = rule_.method->output_type()->FindFieldByName(from_.response_body());
    if (rule_.response_field == nullptr)
      Fault("the response_body ", from_.response_body(), " is no field of the answer");
  }

  // Checks everything that a query may set.
  void CheckQuery(const Descriptor& message, FieldPath path, std::set<const Descriptor*>& seen) {
    if (!seen.insert(&message).second) return;
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (path.empty() && !rule_.TakesQuery(field, rule_.file_field != nullptr)) continue;
      path.push_back(&field);
      if (IsConfidential(field)) Fault(NameOf(path), " may not stand in a query: it is confidential");
      if (!IsScalar(field) && !field.is_repeated()) CheckQuery(*field.message_type(), path, seen);
      path.pop_back();
    }
  }

  const google::api::HttpRule& from_;
  std::vector<std::string>& faults_;
  HttpRule rule_;
};

}  // namespace

const FieldDescriptor* FindData(const Descriptor& message) {
  const FieldDescriptor* field = message.FindFieldByName("data");
  return field != nullptr && field->type() == FieldDescriptor::TYPE_BYTES && !field->is_repeated() ? field : nullptr;
}

bool IsConfidential(const FieldDescriptor& field) {
  if (field.options().GetExtension(tsunagu::field).privacy() != PRIVACY_UNSPECIFIED) return true;
  for (const char* word : {"secret", "password", "passphrase"}) {
    if (field.name() == word || absl::EndsWith(field.name(), absl::StrCat("_", word))) return true;
  }
  return false;
}

std::vector<HttpRule> ReadHttpRules(const google::protobuf::MethodDescriptor& method,
                                    std::vector<std::string>& faults) {
  std::vector<HttpRule> rules;
  if (!method.options().HasExtension(google::api::http)) return rules;
  const google::api::HttpRule& first = method.options().GetExtension(google::api::http);
  rules.push_back(Reader(method, first, faults).Read());
  for (const google::api::HttpRule& more : first.additional_bindings()) {
    if (more.additional_bindings_size() > 0) {
      faults.push_back(absl::StrCat(method.full_name(), ": a binding within an additional binding"));
    }
    rules.push_back(Reader(method, more, faults).Read());
  }
  return rules;
}

}  // namespace tsunagu::web
