#ifndef TSUNAGU_COMMON_BASE_CIPHER_H_
#define TSUNAGU_COMMON_BASE_CIPHER_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu {

// AES-256-GCM, by OpenSSL. The only place that encrypts.
inline constexpr size_t kCipherKeyBytes = 32;
inline constexpr size_t kCipherNonceBytes = 12;
inline constexpr size_t kCipherTagBytes = 16;

// nonce ‖ ciphertext ‖ tag, under a fresh random nonce: one key takes 2^32 of them. `key` has kCipherKeyBytes. Opened
// only together with the same `place`, which says what the text belongs to and is not kept.
std::string Encrypt(absl::string_view key, absl::string_view place, absl::string_view plain);

// DATA_LOSS when any byte of it, the key or the place is another.
absl::StatusOr<std::string> Decrypt(absl::string_view key, absl::string_view place, absl::string_view sealed);

// For test vectors: Encrypt with a nonce of one's own.
std::string EncryptWithNonce(absl::string_view key, absl::string_view nonce, absl::string_view place,
                             absl::string_view plain);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_CIPHER_H_
