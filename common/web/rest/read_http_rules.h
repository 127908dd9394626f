#ifndef TSUNAGU_COMMON_WEB_READ_HTTP_RULES_H_
#define TSUNAGU_COMMON_WEB_READ_HTTP_RULES_H_

#include <string>
#include <vector>

#include "common/web/rest/http_rule.h"

namespace tsunagu::web {

// The bindings of `method`, none where it has no google.api.http; what is wrong with them is added to `faults`.
std::vector<HttpRule> ReadHttpRules(const google::protobuf::MethodDescriptor& method, std::vector<std::string>& faults);

// Whether a value of the field tells or says something of a person, or is a secret.
bool IsConfidential(const google::protobuf::FieldDescriptor& field);

// The field with the bytes of a file; null where there is none.
const google::protobuf::FieldDescriptor* FindData(const google::protobuf::Descriptor& message);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_READ_HTTP_RULES_H_
