#ifndef TSUNAGU_COMMON_WEB_DOCS_PAGE_H_
#define TSUNAGU_COMMON_WEB_DOCS_PAGE_H_

#include <string>

#include "common/base/error.h"
#include "common/web/rest/openapi.h"

namespace tsunagu::web {

// The page on which Scalar, from /docs/scalar.js, shows /openapi.json and sends trial calls. Every feature of it that
// would contact another machine is switched off.
std::string DocsPage(Language language);

// Returns a page of the reasons in an OpenAPI document made by OpenApi, in both languages and without scripts. Each has
// an anchor with its own name (#FIELD_REQUIRED), to which the `type` of a problem refers.
std::string ReasonsPage(const Json& openapi);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_DOCS_PAGE_H_
