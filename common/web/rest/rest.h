#ifndef TSUNAGU_COMMON_WEB_REST_H_
#define TSUNAGU_COMMON_WEB_REST_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "common/web/form.h"
#include "common/web/request.h"
#include "common/web/rest/http_error.h"
#include "common/web/rest/http_rule.h"

namespace tsunagu::web {

// A call of the rule's method as REST says it. Its rules outlive it.
//
// An answer of several messages is lines of JSON (application/x-ndjson): {"result": …}, and where it ends in an error a
// last {"error": …}. Where the answer carries a file, whoever accepts text/csv, a workbook, application/pdf or
// application/octet-stream sooner than JSON gets its bytes.
std::unique_ptr<Form> MakeRest(const Request& request, HttpRules::Match match);

// The HTTP rules of every method that `router` offers.
absl::StatusOr<HttpRules> RulesOf(const rpc::Router& router);

// How errors are told to whoever sent the request.
ErrorStyle StyleOf(const Request& request);

// Whether If-None-Match names this tag, compared weakly.
bool NamesTag(absl::string_view if_none_match, absl::string_view etag);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_REST_H_
