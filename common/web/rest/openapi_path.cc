#include "common/web/rest/openapi_path.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/api/resource.pb.h"

namespace tsunagu::web {

using Segment = HttpRule::Segment;

IdNames IdNamesIn(const HttpRules& rules) {
  IdNames names;
  std::set<const google::protobuf::FileDescriptor*> seen;
  for (const auto& rule : rules.all()) {
    const auto* file = rule->method->file();
    if (!seen.insert(file).second) continue;
    for (int i = 0; i < file->message_type_count(); ++i) {
      for (const std::string& pattern :
           file->message_type(i)->options().GetExtension(google::api::resource).pattern()) {
        const std::vector<std::string> parts = absl::StrSplit(pattern, '/');
        for (size_t k = 0; k + 1 < parts.size(); k += 2) {
          if (parts[k + 1].size() > 2) names[parts[k]] = parts[k + 1].substr(1, parts[k + 1].size() - 2);
        }
      }
    }
  }
  return names;
}

OpenApiPath PathOf(const HttpRule& rule, const IdNames& ids) {
  OpenApiPath path;
  std::set<std::string> taken;
  for (size_t i = 0; i < rule.segments.size(); ++i) {
    const Segment& segment = rule.segments[i];
    if (segment.kind == Segment::kLiteral) {
      absl::StrAppend(&path.text, "/", segment.text);
      continue;
    }
    OpenApiPath::Parameter parameter{"id", nullptr, segment.kind == Segment::kRest};
    for (const HttpRule::Variable& variable : rule.variables) {
      if (variable.begin != i || variable.end != i + 1) continue;
      parameter.name = NameOf(variable.field);
      parameter.whole = variable.field.back();
    }
    if (parameter.whole == nullptr && i > 0 && rule.segments[i - 1].kind == Segment::kLiteral) {
      const auto id = ids.find(rule.segments[i - 1].text);
      parameter.name = id == ids.end() ? absl::StrCat(rule.segments[i - 1].text, "_id") : id->second;
    }
    while (!taken.insert(parameter.name).second) parameter.name += "_";
    absl::StrAppend(&path.text, "/{", parameter.name, "}");
    path.parameters.push_back(std::move(parameter));
  }
  if (!rule.custom.empty()) absl::StrAppend(&path.text, ":", rule.custom);
  return path;
}

}  // namespace tsunagu::web
