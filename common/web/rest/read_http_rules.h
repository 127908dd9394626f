#ifndef TSUNAGU_COMMON_WEB_READ_HTTP_RULES_H_
#define TSUNAGU_COMMON_WEB_READ_HTTP_RULES_H_

#include <string>
#include <vector>

#include "common/web/rest/http_rule.h"

namespace tsunagu::web {

// Returns the bindings of `method`, none when it has no google.api.http. Adds their errors to `faults`.
std::vector<HttpRule> ReadHttpRules(const google::protobuf::MethodDescriptor& method, std::vector<std::string>& faults);

// Returns whether a value of the field is personal data or a secret.
bool IsConfidential(const google::protobuf::FieldDescriptor& field);

// Returns the field with the bytes of a file; null when there is none.
const google::protobuf::FieldDescriptor* FindData(const google::protobuf::Descriptor& message);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_READ_HTTP_RULES_H_
