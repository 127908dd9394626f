#ifndef TSUNAGU_COMMON_WEB_HTTP_ERROR_H_
#define TSUNAGU_COMMON_WEB_HTTP_ERROR_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "grpcpp/support/status.h"

namespace tsunagu::web {

// An error in HTTP.
struct HttpError {
  int status = 500;
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case
  std::string body;
};

struct ErrorStyle {
  bool problem = false;   // true: RFC 9457, false: AIP-193
  bool if_match = false;  // the request had If-Match: a wrong etag is 412
  Language language = Language::kEnglish;
};

// Renders a status made by rpc::ToGrpc, which is not OK. AIP-193: {"error": {"code": 404, "message": …, "status":
// "NOT_FOUND", "details": […]}} with the details by the names of their contracts. RFC 9457: its members, `reason`,
// `errors` by field and the same `details`.
HttpError RenderError(const grpc::Status& status, const ErrorStyle& style);

// For a caller whose language is not known, because the request could not be read that far.
HttpError RenderInBothLanguages(const absl::Status& status);

// The only table of HTTP statuses: 404 for NOT_FOUND, but 405 when `reason` is VERB_NOT_ALLOWED.
int HttpStatusOf(grpc::StatusCode code, absl::string_view reason, bool if_match);

// Returns "NOT_FOUND".
absl::string_view NameOf(grpc::StatusCode code);

// Returns the weight that an Accept header gives to exactly this type; 0 when it does not name the type.
double WeightOf(absl::string_view accept, absl::string_view type);

// Returns whether the header prefers application/problem+json to application/json.
bool AsksForProblem(absl::string_view accept);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_HTTP_ERROR_H_
