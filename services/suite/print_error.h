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

// Returns the same error with one more entry of metadata. A status without metadata is returned unchanged.
absl::Status WithMetadata(const absl::Status& status, absl::string_view key, absl::string_view value);

// Registers option names (facility for --facility) that correspond to fields of the same name: faults in these fields
// name the options as well.
void TellOptions(std::vector<std::string> options);

// Returns {"code", "reason", "message"} and, if there are any, {"metadata": {}, "field_violations": [{"field",
// "option", "reason", "description"}]}, without "option" if the field has none: the error details of the server in
// `language`. `reason` is empty if the error comes from another program (gRPC itself, a proxy). Indented, without a
// line end.
std::string ErrorJson(const absl::Status& status, Language language);

// Prints ErrorJson to standard error. Returns the exit code: 1.
int PrintError(const absl::Status& status, Language language);

// Returns OK if everything written to `out` was flushed, else OUTPUT_NOT_WRITABLE (for example, a full disk).
absl::Status Flush(std::ostream& out);

// Returns `text` as one line for a terminal: control characters become spaces.
std::string OneLine(absl::string_view text);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_PRINT_ERROR_H_
