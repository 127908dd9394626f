#ifndef TSUNAGU_COMMON_BASE_PERCENT_H_
#define TSUNAGU_COMMON_BASE_PERCENT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

// Returns `text` with each %XX replaced by its byte, whatever that byte is. Returns nothing when two hexadecimal digits
// do not follow a %.
std::optional<std::string> PercentDecode(absl::string_view text);

// Returns visible ASCII and spaces as they are, and each other byte, and %, as %XX: what a value of gRPC's metadata may
// hold.
std::string PercentEncode(absl::string_view text);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_PERCENT_H_
