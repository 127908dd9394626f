#ifndef TSUNAGU_COMMON_JOSE_BASE64URL_H_
#define TSUNAGU_COMMON_JOSE_BASE64URL_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace tsunagu::jose {

// base64url (RFC 4648, section 5) without padding.
std::string ToBase64Url(absl::string_view bytes);

// Accepts only what ToBase64Url writes: no padding, no space, and zeros in the unused bits. Two different texts never
// decode to the same bytes.
absl::optional<std::string> FromBase64Url(absl::string_view text);

}  // namespace tsunagu::jose

#endif  // TSUNAGU_COMMON_JOSE_BASE64URL_H_
