#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/api/annotations.pb.h"
#include "google/api/field_behavior.pb.h"
#include "tests/contracts/contracts.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::contracts {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

bool HasField(const Descriptor& message, const char* name, FieldDescriptor::Type type, bool repeated = false) {
  const FieldDescriptor* field = message.FindFieldByName(name);
  return field != nullptr && field->type() == type && field->is_repeated() == repeated;
}

const FieldDescriptor* FindPath(const Descriptor& message, absl::string_view path) {
  const Descriptor* within = &message;
  const FieldDescriptor* field = nullptr;
  for (absl::string_view step : absl::StrSplit(path, '.')) {
    field = within == nullptr ? nullptr : within->FindFieldByName(std::string(step));
    if (field == nullptr) return nullptr;
    within = field->message_type();
  }
  return field;
}

// Returns verb and path: {"GET", "/registry/v1/{name=areas/*}"}.
std::pair<std::string, std::string> VerbAndPath(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return {"GET", rule.get()};
    case HttpRule::kPut:
      return {"PUT", rule.put()};
    case HttpRule::kPost:
      return {"POST", rule.post()};
    case HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    case HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    default:
      return {};
  }
}

// Returns the variables of a path with their patterns: {"area.name", "areas/*"}.
std::vector<std::pair<std::string, std::string>> Variables(absl::string_view path) {
  std::vector<std::pair<std::string, std::string>> variables;
  for (size_t open = path.find('{'); open != absl::string_view::npos; open = path.find('{', open + 1)) {
    const size_t close = path.find('}', open);
    if (close == absl::string_view::npos) return {{"", "never closed"}};
    variables.push_back(absl::StrSplit(path.substr(open + 1, close - open - 1), absl::MaxSplits('=', 1)));
  }
  return variables;
}

void Behaviours(const Files& files, Findings& findings) {
  std::set<const Descriptor*> messages;
  ForEachMethod(files, [&](const MethodDescriptor& method) { messages.merge(Reachable(*method.input_type())); });
  for (const Descriptor* message : messages) {
    for (int i = 0; IsOurs(*message) && i < message->field_count(); ++i) {
      findings.Demand(message->field(i)->options().ExtensionSize(google::api::field_behavior) > 0,
                      message->field(i)->full_name(), "has no field_behavior");
    }
  }
}

void Lists(const Files& files, Findings& findings) {
  ForEachMethod(files, [&](const MethodDescriptor& method) {
    if (!absl::StartsWith(method.name(), "List")) return;
    const Descriptor& request = *method.input_type();
    const Descriptor& response = *method.output_type();
    findings.Demand(HasField(request, "page_size", FieldDescriptor::TYPE_INT32), request.full_name(), "no page_size");
    findings.Demand(HasField(request, "page_token", FieldDescriptor::TYPE_STRING), request.full_name(),
                    "no page_token");
    findings.Demand(HasField(response, "next_page_token", FieldDescriptor::TYPE_STRING), response.full_name(),
                    "no next_page_token");
    int rows = 0;
    for (int i = 0; i < response.field_count(); ++i) rows += response.field(i)->is_repeated() ? 1 : 0;
    findings.Demand(rows == 1, response.full_name(), "not exactly one repeated field");
  });
}

// Every record can be read as known at an earlier time.
void Gets(const Files& files, Findings& findings) {
  ForEachMethod(files, [&](const MethodDescriptor& method) {
    const Descriptor& record = *method.output_type();
    if (method.name() != absl::StrCat("Get", record.name())) return;
    findings.Demand(!record.options().HasExtension(tsunagu::record) ||
                        HasField(*method.input_type(), "as_known_at", FieldDescriptor::TYPE_MESSAGE),
                    method.input_type()->full_name(), "no as_known_at");
  });
}

void Mutating(const Files& files, Findings& findings) {
  ForEachMethod(files, [&](const MethodDescriptor& method) {
    const bool mutating = method.options().GetExtension(tsunagu::method).mutating();
    const std::string verb = VerbAndPath(method.options().GetExtension(google::api::http)).first;
    bool by_name = false;
    for (const char* start : {"Create", "Update", "Delete", "Set", "Revoke", "Import"}) {
      by_name = by_name || absl::StartsWith(method.name(), start);
    }
    findings.Demand(mutating || !by_name, method.full_name(), "changes something and is not marked mutating");
    findings.Demand(mutating || verb == "GET" || verb == "POST", method.full_name(), "reads by PATCH, PUT or DELETE");
    findings.Demand(!mutating || verb != "GET", method.full_name(), "changes something by GET");
    findings.Demand(!mutating || HasField(*method.input_type(), "request_id", FieldDescriptor::TYPE_STRING),
                    method.full_name(), "is mutating and takes no request_id");
    const FieldDescriptor* mask = method.input_type()->FindFieldByName("update_mask");
    findings.Demand(!absl::StartsWith(method.name(), "Update") ||
                        (mask != nullptr && mask->message_type() != nullptr &&
                         mask->message_type()->full_name() == "google.protobuf.FieldMask"),
                    method.full_name(), "takes no update_mask");
  });
}

void Permissions(const Files& files, Findings& findings) {
  ForEachMethod(files, [&](const MethodDescriptor& method) {
    const std::string& permission = method.options().GetExtension(tsunagu::method).permission();
    const std::vector<std::string> parts = absl::StrSplit(permission, '.');
    bool word = parts.size() == 2;
    for (const std::string& part : parts) {
      word = word && !part.empty();
      for (const char c : part) word = word && absl::ascii_isalpha(c);
    }
    findings.Demand(word || permission == "public", method.full_name(), "has no permission <resource>.<verb>");
  });
}

void HttpRules(const Files& files, Findings& findings) {
  std::map<std::pair<std::string, std::string>, std::string> taken;
  ForEachMethod(files, [&](const MethodDescriptor& method) {
    const Descriptor& request = *method.input_type();
    const HttpRule& rule = method.options().GetExtension(google::api::http);
    const auto verb_path = VerbAndPath(rule);
    if (verb_path.first.empty()) return findings.Add(method.full_name(), "has no google.api.http rule");
    const auto [first, fresh] = taken.emplace(verb_path, method.full_name());
    findings.Demand(fresh, method.full_name(), absl::StrCat("has the verb and path of ", first->second));
    for (const auto& [variable, pattern] : Variables(verb_path.second)) {
      const FieldDescriptor* field = FindPath(request, variable);
      findings.Demand(field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated(),
                      method.full_name(), absl::StrCat("path variable {", variable, "} is no string of the request"));
    }
    findings.Demand(rule.body().empty() || rule.body() == "*" || request.FindFieldByName(rule.body()) != nullptr,
                    method.full_name(), absl::StrCat("body ", rule.body(), " is no field of the request"));
    const bool bodiless = verb_path.first == "GET" || verb_path.first == "DELETE";
    findings.Demand(bodiless == rule.body().empty(), method.full_name(), "body: GET and DELETE have none, others do");
  });
}

void FreeForm(const Files& files, Findings& findings) {
  ForEachMethod(files, [&](const MethodDescriptor& method) {
    for (const Descriptor* message : Reachable(*method.input_type())) {
      for (const char* banned : {"Struct", "Value", "ListValue", "Any"}) {
        findings.Demand(message->full_name() != absl::StrCat("google.protobuf.", banned), method.full_name(),
                        absl::StrCat("takes a ", message->full_name()));
      }
    }
  });
}

// Every service of a process offers the platform methods: the request states which service is meant.
void PlatformAddresses(const Files& files, Findings& findings) {
  ForEachMethod(files, [&](const MethodDescriptor& method) {
    if (method.file()->package() != "tsunagu.platform.v1") return;
    bool addressed = false;
    for (const auto& [variable, pattern] :
         Variables(VerbAndPath(method.options().GetExtension(google::api::http)).second)) {
      addressed = addressed || ((variable == "parent" || variable == "name") && absl::StartsWith(pattern, "services/"));
    }
    findings.Demand(addressed, method.full_name(), "names no service: {parent=services/*} or {name=services/*/…}");
  });
}

}  // namespace

const std::vector<Check>& MethodChecks() {
  static const auto& checks = *new std::vector<Check>{
      {"Behaviours", Behaviours},
      {"Lists", Lists},
      {"Gets", Gets},
      {"Mutating", Mutating},
      {"Permissions", Permissions},
      {"HttpRules", HttpRules},
      {"FreeForm", FreeForm},
      {"PlatformAddresses", PlatformAddresses},
  };
  return checks;
}

}  // namespace tsunagu::contracts
