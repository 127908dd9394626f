#ifndef TSUNAGU_COMMON_BASE_ED25519_H_
#define TSUNAGU_COMMON_BASE_ED25519_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

// Signatures (RFC 8032). A private key is given as its seed of 32 bytes.
namespace tsunagu::ed25519 {

inline constexpr size_t kKeyBytes = 32, kSignatureBytes = 64;

// Returns kKeyBytes bytes.
std::string PublicKeyOf(absl::string_view seed);
// Returns kSignatureBytes bytes.
std::string Sign(absl::string_view seed, absl::string_view text);
// Returns false also when the key or the signature is malformed.
bool Verify(absl::string_view public_key, absl::string_view text, absl::string_view signature);

}  // namespace tsunagu::ed25519

#endif  // TSUNAGU_COMMON_BASE_ED25519_H_
