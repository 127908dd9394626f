#include "common/jose/base64url.h"

#include "absl/strings/escaping.h"

namespace tsunagu::jose {

std::string ToBase64Url(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

absl::optional<std::string> FromBase64Url(absl::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(text, &bytes) || ToBase64Url(bytes) != text) return absl::nullopt;
  return bytes;
}

}  // namespace tsunagu::jose
