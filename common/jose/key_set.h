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

// "RS256", "PS256", "ES256", "EdDSA" (Ed25519, which RFC 9864 calls so); nothing for any other, "none" and HMAC with
// it.
absl::optional<Algorithm> AlgorithmOf(absl::string_view name);

// A public key to check signatures with: RSA of 2,048 to 4,096 bits, P-256 or Ed25519. Copied freely, thread-safe.
class PublicKey {
 public:
  // Its kid; may be empty.
  const std::string& id() const { return id_; }
  // The key says which algorithms it is for, never the token.
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

  // Keys for something else (use, key_ops, alg, kty, crv) are left out. INVALID_ARGUMENT, with words for the operator:
  // no key set, no key left in it, two of one kid, a weak or broken one; and where it holds a secret, since then
  // everybody who has read it can sign.
  static absl::StatusOr<KeySet> Parse(absl::string_view json);

  // Null where there is none. A token without kid is checked with the only key there is.
  const PublicKey* Find(absl::string_view id) const;
  size_t size() const { return keys_.size(); }

 private:
  std::vector<PublicKey> keys_;
};

}  // namespace tsunagu::jose

#endif  // TSUNAGU_COMMON_JOSE_KEY_SET_H_
