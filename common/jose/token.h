#ifndef TSUNAGU_COMMON_JOSE_TOKEN_H_
#define TSUNAGU_COMMON_JOSE_TOKEN_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/jose/json.h"
#include "common/jose/key_set.h"

namespace tsunagu::jose {

// The three parts of a JWS in compact form (RFC 7515), decoded.
struct Compact {
  std::string header, payload, signature;
  absl::string_view signed_text;  // part of the text, which must outlive this object

  // Returns nothing unless the text has three parts in base64url.
  static absl::optional<Compact> Split(absl::string_view text);
};

// A JWT (RFC 7519), parsed strictly. Its content is not verified.
struct Token {
  static constexpr size_t kMostBytes = 8 * 1024;  // Issuers refuses longer tokens without reading them

  Algorithm algorithm = Algorithm::kRs256;
  std::string key_id;  // its kid; may be empty
  Json claims;         // an object
  std::string signature;
  absl::string_view signed_text;  // part of the text, which must outlive this object

  // Errors: TOKEN_MALFORMED, TOKEN_ALGORITHM_REFUSED, TOKEN_TYPE_REFUSED, TOKEN_EXTENSION_REFUSED. Ignores a key that
  // the token contains or refers to (jwk, jku, x5c, x5u).
  static absl::StatusOr<Token> Parse(absl::string_view text);
};

}  // namespace tsunagu::jose

#endif  // TSUNAGU_COMMON_JOSE_TOKEN_H_
