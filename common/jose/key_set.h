#ifndef TSUNAGU_COMMON_JOSE_KEY_SET_H_
#define TSUNAGU_COMMON_JOSE_KEY_SET_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

struct evp_pkey_st;

namespace tsunagu::jose {

struct Json;

enum class Algorithm { kRs256, kPs256, kEs256, kEdDsa };

// Reads "RS256", "PS256", "ES256", "EdDSA" and "Ed25519" (the name of EdDSA in RFC 9864); returns nothing for any other
// name, including "none" and HMAC.
absl::optional<Algorithm> AlgorithmOf(absl::string_view name);

// A public key for checking signatures: RSA of 2,048 to 4,096 bits, P-256 or Ed25519. Cheap to copy, thread-safe.
class PublicKey {
 public:
  // Its kid; may be empty.
  const std::string& id() const { return id_; }
  // The key determines its algorithms, never the token.
  bool IsFor(Algorithm algorithm) const;
  bool Verify(Algorithm algorithm, absl::string_view text, absl::string_view signature) const;

 private:
  friend class KeySet;
  enum class Type { kRsa, kP256, kEd25519 };
  static absl::StatusOr<absl::optional<PublicKey>> Read(const Json& key);

  std::string id_;
  Type type_ = Type::kRsa;
  absl::optional<Algorithm> only_;  // its alg
  std::shared_ptr<evp_pkey_st> key_;
};

// The keys of one issuer (a JWK set, RFC 7517).
class KeySet {
 public:
  static constexpr size_t kMostBytes = 256 * 1024, kMostKeys = 100;

  // Leaves out keys for other purposes (use, key_ops, alg, kty, crv). Errors: INVALID_ARGUMENT, with a text for the
  // operator, when `json` is no key set, no key is left in it, two keys have the same kid, or a key is weak or broken;
  // also when it holds a secret, because then everybody who has read it can sign.
  static absl::StatusOr<KeySet> Parse(absl::string_view json);

  // Returns null when there is no such key. A token without kid is checked with the only key of the set.
  const PublicKey* Find(absl::string_view id) const;
  size_t size() const { return keys_.size(); }

 private:
  std::vector<PublicKey> keys_;
};

}  // namespace tsunagu::jose

#endif  // TSUNAGU_COMMON_JOSE_KEY_SET_H_
