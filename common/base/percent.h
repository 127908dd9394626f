#ifndef TSUNAGU_COMMON_BASE_PERCENT_H_
#define TSUNAGU_COMMON_BASE_PERCENT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

// `text` with each %XX as its byte, whatever byte that is; nothing where a % stands without two hexadecimal digits.
std::optional<std::string> PercentDecode(absl::string_view text);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_PERCENT_H_
