#ifndef TSUNAGU_COMMON_WEB_URL_H_
#define TSUNAGU_COMMON_WEB_URL_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::web {

// Returns `text` with %XX decoded; %2F only when `slashes`. Errors: MALFORMED_URL for a % without two digits, for bytes
// that are not UTF-8, and for NUL.
absl::StatusOr<std::string> Decoded(absl::string_view text, bool slashes = true);

// Parses "a=1&b=x+y" in its order, decoded. Errors: MALFORMED_URL.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParseQuery(absl::string_view query);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_URL_H_
