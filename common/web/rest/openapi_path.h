#ifndef TSUNAGU_COMMON_WEB_OPENAPI_PATH_H_
#define TSUNAGU_COMMON_WEB_OPENAPI_PATH_H_

#include <map>
#include <string>
#include <vector>

#include "common/web/rest/http_rule.h"

namespace tsunagu::web {

// A rule's path as OpenAPI writes it: each * has a name.
struct OpenApiPath {
  struct Parameter {
    std::string name;
    const google::protobuf::FieldDescriptor* whole = nullptr;  // the field that it is the whole of
    bool rest = false;                                         // may hold slashes
  };
  std::string text;  // "/registry/v1/areas/{area}:end"
  std::vector<Parameter> parameters;
};

// What the ids of a collection are called in the patterns of resources: "areas" → "area".
using IdNames = std::map<std::string, std::string>;
IdNames IdNamesIn(const HttpRules& rules);

OpenApiPath PathOf(const HttpRule& rule, const IdNames& ids);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_OPENAPI_PATH_H_
