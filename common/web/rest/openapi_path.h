#ifndef TSUNAGU_COMMON_WEB_OPENAPI_PATH_H_
#define TSUNAGU_COMMON_WEB_OPENAPI_PATH_H_

#include <map>
#include <string>
#include <vector>

#include "common/web/rest/http_rule.h"

namespace tsunagu::web {

// A rule's path in the form of OpenAPI: each * has a name.
struct OpenApiPath {
  struct Parameter {
    std::string name;
    const google::protobuf::FieldDescriptor* whole = nullptr;  // the field whose whole value it is
    bool rest = false;                                         // may hold slashes
  };
  std::string text;  // "/registry/v1/areas/{area}:end"
  std::vector<Parameter> parameters;
};

// The name of an id in the patterns of resources, by collection: "areas" → "area".
using IdNames = std::map<std::string, std::string>;
IdNames IdNamesIn(const HttpRules& rules);

OpenApiPath PathOf(const HttpRule& rule, const IdNames& ids);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_OPENAPI_PATH_H_
