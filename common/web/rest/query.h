#ifndef TSUNAGU_COMMON_WEB_QUERY_H_
#define TSUNAGU_COMMON_WEB_QUERY_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/web/rest/http_rule.h"
#include "google/protobuf/message.h"

namespace tsunagu::web {

// Sets the field that `path` leads to, or appends to it, to what `text` says: numbers, enums by name, true
// and false, bytes in base64, times, days, masks. MALFORMED_VALUE, UNKNOWN_ENUM_VALUE {allowed}, DATE_DOES_NOT_EXIST.
absl::Status PutText(google::protobuf::Message& message, const FieldPath& path, const std::string& text);

// Sets in `message` what the parameters say; names as in the contract (display_name) or as in JSON (displayName), dots
// lead into messages, a repeated field may be said several times. `file`: the body is a file. Adds to `faults`
// UNKNOWN_FIELD, also for what the rule takes from elsewhere, DUPLICATE_FIELD and those of PutText. MALFORMED_URL comes
// alone.
absl::Status PutQuery(const HttpRule& rule, absl::string_view query, bool file, google::protobuf::Message& message,
                      Faults& faults);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_QUERY_H_
