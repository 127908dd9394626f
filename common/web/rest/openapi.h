#ifndef TSUNAGU_COMMON_WEB_OPENAPI_H_
#define TSUNAGU_COMMON_WEB_OPENAPI_H_

#include <string>

#include "common/web/rest/comments.h"
#include "common/web/rest/http_rule.h"
#include "common/web/rest/openapi_schema.h"

namespace tsunagu::web {

// Returns the rules as an OpenAPI 3.1 document. Properties of the contracts that OpenAPI does not have are
// x-tsunagu-permission, -reasons, -reference, -privacy, -immutable; Japanese names are titles, those of enum values
// x-enum-ja.
Json OpenApi(const HttpRules& rules, const Comments& comments);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_OPENAPI_H_
