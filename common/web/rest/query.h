#ifndef TSUNAGU_COMMON_WEB_QUERY_H_
#define TSUNAGU_COMMON_WEB_QUERY_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/web/rest/http_rule.h"
#include "google/protobuf/message.h"

namespace tsunagu::web {

// Sets the field at `path` from `text`, or appends to it: numbers, enums by name, true and false, bytes in base64,
// times, days, masks. Errors: MALFORMED_VALUE, UNKNOWN_ENUM_VALUE {allowed}, DATE_DOES_NOT_EXIST.
absl::Status PutText(google::protobuf::Message& message, const FieldPath& path, const std::string& text);

// Sets the fields of `message` from the parameters. Names are as in the contract (display_name) or as in JSON
// (displayName), dots lead into messages, a repeated field may occur several times. `file`: the body is a file. Adds to
// `faults` UNKNOWN_FIELD, also for fields that the rule takes from elsewhere, DUPLICATE_FIELD and the errors of
// PutText. Returns MALFORMED_URL alone.
absl::Status PutQuery(const HttpRule& rule, absl::string_view query, bool file, google::protobuf::Message& message,
                      Faults& faults);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_QUERY_H_
