#ifndef TSUNAGU_COMMON_WEB_TRANSCODE_H_
#define TSUNAGU_COMMON_WEB_TRANSCODE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/web/rest/http_rule.h"
#include "google/protobuf/message.h"

// Converts path, query, headers and body of REST to the message of the contract, and back.
namespace tsunagu::web {

inline constexpr char kJson[] = "application/json", kCsv[] = "text/csv", kBytes[] = "application/octet-stream",
                      kGeoJson[] = "application/geo+json",
                      kXlsx[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

// A request without its path. An absent header is nullopt.
struct RestRequest {
  absl::string_view query;  // after the ?
  absl::string_view body;   // all of it
  std::optional<std::string> content_type, if_match, if_none_match, idempotency_key;
};

// The content types that a body may have.
std::vector<std::string> BodyTypes(const HttpRule& rule);
// Returns whether the body is a file (CSV, a workbook or any bytes) for the rule's file_field.
bool IsFile(const HttpRule& rule, const RestRequest& request);

// Replaces `message`, the request of the rule's method, by the content of `request`. On errors, `message` is unchanged
// and all faults are returned. An absent body is an empty one.
//
// For a PATCH without update_mask, the mask is the fields that the body names (AIP-134): null and "" clear a field.
// If-Match becomes the etag, Idempotency-Key the request_id.
//
// Errors: those of JsonToMessage; in the query UNKNOWN_FIELD, DUPLICATE_FIELD, MALFORMED_VALUE, UNKNOWN_ENUM_VALUE,
// DATE_DOES_NOT_EXIST, MALFORMED_URL; BODY_NOT_TAKEN, MEDIA_TYPE_UNKNOWN, SAID_DIFFERENTLY, MALFORMED_HEADER,
// IF_MATCH_NOT_TAKEN, IF_NONE_MATCH_NOT_TAKEN.
absl::Status DecodeRest(const HttpRules::Match& match, const RestRequest& request, google::protobuf::Message& message);

// Returns the content type of an answer that is no file: that of a bytes field named by response_body, else JSON.
const char* AnswerTypeOf(const HttpRule& rule);

// Returns the answer as canonical JSON, or the part of it that response_body names: bytes unchanged. Errors: INTERNAL
// when JSON cannot represent it.
absl::StatusOr<std::string> EncodeRest(const HttpRule& rule, const google::protobuf::Message& answer);

// Returns the header ETag of an answer; "" when the message has no etag.
std::string EtagOf(const google::protobuf::Message& answer);

// Returns "application/json" for "Application/JSON; charset=utf-8"; "" for another charset, unless `any_charset`.
std::string MediaTypeOf(absl::string_view content_type, bool any_charset = false);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_TRANSCODE_H_
