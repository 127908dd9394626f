#ifndef TSUNAGU_COMMON_WEB_DOCS_PAGE_H_
#define TSUNAGU_COMMON_WEB_DOCS_PAGE_H_

#include <string>

#include "common/base/error.h"
#include "common/web/rest/openapi.h"

namespace tsunagu::web {

// The page on which Scalar, from /docs/scalar.js, shows /openapi.json and tries calls. Everything of it that would
// speak with another machine is switched off.
std::string DocsPage(Language language);

// The reasons in an OpenAPI document that OpenApi made, in both languages and without scripts, each at an anchor of its
// own name (#FIELD_REQUIRED): what the `type` of a problem points to.
std::string ReasonsPage(const Json& openapi);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_DOCS_PAGE_H_
