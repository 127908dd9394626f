#include "common/web/rest/query.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/contract/values.h"
#include "common/text/json_values.h"
#include "common/web/rest/url.h"

namespace tsunagu::web {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsMessage(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

bool IsValue(const FieldDescriptor& field) {
  return !IsMessage(field) || !contract::IsJsonObject(*field.message_type()) ||
         field.message_type()->full_name() == "google.type.Date";
}

bool IsTruth(const FieldDescriptor& field) {
  return IsMessage(field) ? field.message_type()->full_name() == "google.protobuf.BoolValue"
                          : field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
}

// Returns an empty path when a query cannot set the field.
FieldPath Resolve(const HttpRule& rule, absl::string_view dotted, bool file) {
  FieldPath path;
  const Descriptor* message = rule.method->input_type();
  for (const absl::string_view name : absl::StrSplit(dotted, '.')) {
    const FieldDescriptor* field = message == nullptr ? nullptr : contract::FindJsonField(*message, std::string(name));
    if (field == nullptr || (path.empty() && !rule.TakesQuery(*field, file))) return {};
    path.push_back(field);
    const bool descends = IsMessage(*field) && !field->is_repeated() && contract::IsJsonObject(*field->message_type());
    message = descends ? field->message_type() : nullptr;
  }
  return IsValue(*path.back()) ? path : FieldPath();
}

// Returns whether the field, a part of it or a message around it was set already, or another field of its oneof.
bool IsSaid(const FieldPath& path, const std::set<std::string>& said, const Message& message) {
  const std::string name = NameOf(path);
  for (const std::string& other : said) {
    if (absl::StartsWith(other, absl::StrCat(name, ".")) || absl::StartsWith(name, absl::StrCat(other, ".")))
      return true;
  }
  if (said.count(name) != 0) return !path.back()->is_repeated();
  const auto* oneof = path.back()->real_containing_oneof();
  const Message* holder = &message;
  for (size_t i = 0; i + 1 < path.size(); ++i) holder = &holder->GetReflection()->GetMessage(*holder, path[i]);
  return oneof != nullptr && holder->GetReflection()->HasOneof(*holder, oneof);
}

}  // namespace

absl::Status PutText(Message& message, const FieldPath& path, const std::string& text) {
  Message* holder = &message;
  for (size_t i = 0; i + 1 < path.size(); ++i) holder = holder->GetReflection()->MutableMessage(holder, path[i]);
  if (IsTruth(*path.back()) && (text == "true" || text == "false")) {
    return contract::PutScalar(*holder, *path.back(), text == "true");
  }
  return contract::PutScalar(*holder, *path.back(), text);
}

absl::Status PutQuery(const HttpRule& rule, absl::string_view query, bool file, Message& message, Faults& faults) {
  ASSIGN_OR_RETURN(const auto parameters, ParseQuery(query));
  std::set<std::string> said;
  for (const HttpRule::Variable& variable : rule.variables) said.insert(NameOf(variable.field));
  for (const auto& [name, value] : parameters) {
    const FieldPath path = Resolve(rule, name, file);
    if (path.empty()) {
      faults.Add(contract::Clip(name), "UNKNOWN_FIELD"_reason);
    } else if (IsSaid(path, said, message)) {
      faults.Add(NameOf(path), "DUPLICATE_FIELD"_reason);
    } else {
      said.insert(NameOf(path));
      faults.Add(NameOf(path), PutText(message, path, value));
    }
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::web
