#ifndef TSUNAGU_COMMON_WEB_REST_H_
#define TSUNAGU_COMMON_WEB_REST_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "common/web/form.h"
#include "common/web/request.h"
#include "common/web/rest/http_error.h"
#include "common/web/rest/http_rule.h"

namespace tsunagu::web {

// Returns the REST form of a call of the rule's method. The rules must outlive it.
//
// An answer of several messages is lines of JSON (application/x-ndjson): {"result": …}, and after an error a last
// {"error": …}. When the answer carries a file, a client that prefers text/csv, a workbook, application/pdf or
// application/octet-stream to JSON gets the bytes of the file.
std::unique_ptr<Form> MakeRest(const Request& request, HttpRules::Match match);

// Returns the HTTP rules of every method that `router` offers.
absl::StatusOr<HttpRules> RulesOf(const rpc::Router& router);

// Returns the style of errors for the sender of the request.
ErrorStyle StyleOf(const Request& request);

// Returns whether If-None-Match contains this tag, by weak comparison.
bool NamesTag(absl::string_view if_none_match, absl::string_view etag);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_REST_H_
