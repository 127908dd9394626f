#ifndef TSUNAGU_COMMON_WEB_TRANSCODE_H_
#define TSUNAGU_COMMON_WEB_TRANSCODE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/web/rest/http_rule.h"
#include "google/protobuf/message.h"

// What REST says in path, query, headers and body, as the message that the contract names; and the way back.
namespace tsunagu::web {

inline constexpr char kJson[] = "application/json", kCsv[] = "text/csv", kBytes[] = "application/octet-stream",
                      kGeoJson[] = "application/geo+json",
                      kXlsx[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

// A request beside its path. A header that is not there is nullopt.
struct RestRequest {
  absl::string_view query;  // behind the ?
  absl::string_view body;   // all of it
  std::optional<std::string> content_type, if_match, if_none_match, idempotency_key;
};

// The content types that a body may have.
std::vector<std::string> BodyTypes(const HttpRule& rule);
// Whether the body is a file, CSV, a workbook or any bytes, and stands for the rule's file_field.
bool IsFile(const HttpRule& rule, const RestRequest& request);

// Replaces `message`, the request of the rule's method, by what `request` says, or leaves it alone and says everything
// that is wrong with it. No body at all is an empty one.
//
// Of a PATCH that names no update_mask, the mask is what its body names (AIP-134): null and "" clear a field. If-Match
// becomes the etag, Idempotency-Key the request_id.
//
// Errors: those of JsonToMessage; in the query UNKNOWN_FIELD, DUPLICATE_FIELD, MALFORMED_VALUE, UNKNOWN_ENUM_VALUE,
// DATE_DOES_NOT_EXIST, MALFORMED_URL; BODY_NOT_TAKEN, MEDIA_TYPE_UNKNOWN, SAID_DIFFERENTLY, MALFORMED_HEADER,
// IF_MATCH_NOT_TAKEN, IF_NONE_MATCH_NOT_TAKEN.
absl::Status DecodeRest(const HttpRules::Match& match, const RestRequest& request, google::protobuf::Message& message);

// The content type of an answer that is no file: that of a field of bytes which response_body names, else JSON.
const char* AnswerTypeOf(const HttpRule& rule);

// The answer as canonical JSON, or the part of it that response_body names: bytes as they are. INTERNAL where JSON
// cannot say it.
absl::StatusOr<std::string> EncodeRest(const HttpRule& rule, const google::protobuf::Message& answer);

// What the header ETag of an answer says; "" where the message has no etag.
std::string EtagOf(const google::protobuf::Message& answer);

// "application/json" of "Application/JSON; charset=utf-8"; "" of another charset, unless it may be any.
std::string MediaTypeOf(absl::string_view content_type, bool any_charset = false);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_TRANSCODE_H_
