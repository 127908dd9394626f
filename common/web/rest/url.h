#ifndef TSUNAGU_COMMON_WEB_URL_H_
#define TSUNAGU_COMMON_WEB_URL_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::web {

// `text` with %XX decoded; of %2F only where `slashes`. MALFORMED_URL: a % without two digits, what is no UTF-8, NUL.
absl::StatusOr<std::string> Decoded(absl::string_view text, bool slashes = true);

// "a=1&b=x+y" in its order, decoded. MALFORMED_URL.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParseQuery(absl::string_view query);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_URL_H_
