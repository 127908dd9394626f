#ifndef TSUNAGU_SERVICES_SUITE_PRINT_ERROR_H_
#define TSUNAGU_SERVICES_SUITE_PRINT_ERROR_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/host/words.h"

namespace tsunagu::suite {

using tsunagu::FailHere;

// The same failure with one more entry of metadata. Statuses that carry none stay as they are.
absl::Status WithMetadata(const absl::Status& status, absl::string_view key, absl::string_view value);

// Names of options (facility for --facility) that stand for fields of the same name from now on: faults of those name
// them as well.
void TellOptions(std::vector<std::string> options);

// {"code", "reason", "message"} and, where there are any, {"metadata": {}, "field_violations": [{"field", "option",
// "reason", "description"}]}, without "option" where the field has none: what the server says over the wire, in
// `language`. `reason` is empty where another program (gRPC itself, a proxy) speaks. Pretty, without a line end.
std::string ErrorJson(const absl::Status& status, Language language);

// The same on standard error. Returns the exit code: 1.
int PrintError(const absl::Status& status, Language language);

// OK when all that was written to `out` has got there, else OUTPUT_NOT_WRITABLE (a full disk, say).
absl::Status Flush(std::ostream& out);

// `text` on one line of a terminal: control characters become spaces.
std::string OneLine(absl::string_view text);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_PRINT_ERROR_H_
