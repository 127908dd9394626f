#ifndef TSUNAGU_COMMON_WEB_HTTP_TEMPLATE_H_
#define TSUNAGU_COMMON_WEB_HTTP_TEMPLATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/web/rest/http_rule.h"

namespace tsunagu::web {

// The parsed path template of a rule; its variables are still names.
struct HttpTemplate {
  struct Variable {
    std::string field;  // "area.name"
    size_t begin = 0, end = 0;
  };
  std::vector<HttpRule::Segment> segments;
  std::vector<Variable> variables;
  std::string custom;
};

// Parses the grammar of google/api/http.proto: ** comes last, variables contain no variables. The error tells what is
// wrong, and where.
absl::StatusOr<HttpTemplate> ParseHttpTemplate(absl::string_view path);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_HTTP_TEMPLATE_H_
