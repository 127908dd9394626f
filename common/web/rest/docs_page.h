#ifndef TSUNAGU_COMMON_WEB_DOCS_PAGE_H_
#define TSUNAGU_COMMON_WEB_DOCS_PAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/web/rest/openapi.h"

namespace tsunagu::web {

// An OpenAPI document that OpenApi made, as one HTML page to read, without scripts: methods by service, schemas, and
// reasons, each at an anchor of its own name (#AreaService_GetArea, #FIELD_REQUIRED). Looks as kDocsStyle says, which
// is at /docs/style.css.
std::string DocsPage(const Json& openapi);

extern const char kDocsStyle[];

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_DOCS_PAGE_H_
