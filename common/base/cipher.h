#ifndef TSUNAGU_COMMON_BASE_CIPHER_H_
#define TSUNAGU_COMMON_BASE_CIPHER_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu {

// AES-256-GCM, by OpenSSL. No other code of the project encrypts.
inline constexpr size_t kCipherKeyBytes = 32;
inline constexpr size_t kCipherNonceBytes = 12;
inline constexpr size_t kCipherTagBytes = 16;

// Returns nonce ‖ ciphertext ‖ tag. Every call draws a fresh random nonce; a key may be used for 2^32 calls. `key` has
// kCipherKeyBytes. `context` is the additional authenticated data: it names what the text belongs to and is not part of
// the result. Decrypt needs the same `context`.
std::string Encrypt(absl::string_view key, absl::string_view context, absl::string_view plain);

// Errors: DATA_LOSS when a byte of `encrypted`, `key` or `context` differs.
absl::StatusOr<std::string> Decrypt(absl::string_view key, absl::string_view context, absl::string_view encrypted);

// For test vectors: Encrypt with a given nonce.
std::string EncryptWithNonce(absl::string_view key, absl::string_view nonce, absl::string_view context,
                             absl::string_view plain);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_CIPHER_H_
