#include "common/jose/key_set.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/jose/base64url.h"
#include "common/jose/json.h"

namespace tsunagu::jose {
namespace {

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* one) const {
    kFree(one);
  }
};
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;
using Key = std::shared_ptr<EVP_PKEY>;

constexpr int kLeastRsaBits = 2048,
              kMostRsaBits = 4096;  // larger keys make it more expensive to refuse strangers' tokens
constexpr size_t kP256Bytes = 32;

const unsigned char* Bytes(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
Number NumberOf(absl::string_view bytes) {
  return Number(BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

absl::string_view Text(const Json& key, absl::string_view name) {
  const Json* member = key.Find(name);
  return member != nullptr && member->Is(Json::Kind::kText) ? absl::string_view(member->text) : absl::string_view();
}

absl::StatusOr<std::string> BytesOf(const Json& key, absl::string_view name) {
  absl::optional<std::string> bytes = FromBase64Url(Text(key, name));
  if (!bytes || bytes->empty()) return absl::InvalidArgumentError(absl::StrCat(name, " is no base64url text"));
  return *std::move(bytes);
}

Key KeyFrom(const char* type, const Builder& builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return Key(key, Free<EVP_PKEY_free>());
}

// Returns whether a library of Infineon made the modulus out of few possible primes (ROCA, CVE-2017-15361), so that
// others can find them: modulo each small prime it is then a power of 65537. One in two hundred million other keys
// looks like that.
bool IsRoca(const BIGNUM& modulus) {
  constexpr BN_ULONG kPrimes[] = {3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                  47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                  107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
  return absl::c_all_of(kPrimes, [&](BN_ULONG prime) {
    const BN_ULONG rest = BN_mod_word(&modulus, prime);
    BN_ULONG power = 1;
    do {
      if (power == rest) return true;
      power = power * 65537 % prime;
    } while (power != 1);
    return false;
  });
}

absl::StatusOr<Key> RsaKey(const Json& json) {
  ASSIGN_OR_RETURN(const std::string modulus, BytesOf(json, "n"));
  ASSIGN_OR_RETURN(const std::string exponent, BytesOf(json, "e"));
  const Number n = NumberOf(modulus), e = NumberOf(exponent);
  const int bits = BN_num_bits(n.get()), exponent_bits = BN_num_bits(e.get());
  if (bits < kLeastRsaBits || bits > kMostRsaBits) {
    return absl::InvalidArgumentError(
        absl::StrCat("an RSA key has ", kLeastRsaBits, " to ", kMostRsaBits, " bits, not ", bits));
  }
  if (!BN_is_odd(n.get()) || !BN_is_odd(e.get()) || exponent_bits < 17 || exponent_bits > 64) {
    return absl::InvalidArgumentError("n and e are no RSA key");
  }
  if (IsRoca(*n)) return absl::InvalidArgumentError("it was made by a library whose keys others can work out (ROCA)");
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return KeyFrom("RSA", builder);
}

absl::StatusOr<Key> P256Key(const Json& json) {
  ASSIGN_OR_RETURN(const std::string x, BytesOf(json, "x"));
  ASSIGN_OR_RETURN(const std::string y, BytesOf(json, "y"));
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) return absl::InvalidArgumentError("x and y have 32 bytes");
  const std::string point = absl::StrCat("\x04", x, y);
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return KeyFrom("EC", builder);  // null when the point is not on the curve
}

absl::StatusOr<Key> Ed25519Key(const Json& json) {
  ASSIGN_OR_RETURN(const std::string x, BytesOf(json, "x"));
  return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(x), x.size()), Free<EVP_PKEY_free>());
}

// Returns whether the key's members exclude our use of it.
bool IsForSomethingElse(const Json& key) {
  const Json* use = key.Find("use");
  if (use != nullptr && use->text != "sig") return true;
  const Json* operations = key.Find("key_ops");
  return operations != nullptr && !absl::c_linear_search(operations->Texts(), "verify");
}

absl::Status CheckHoldsNoSecret(const Json& key) {
  bool secret = Text(key, "kty") == "oct";
  for (const char* name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) secret |= key.Find(name) != nullptr;
  return secret ? absl::InvalidArgumentError(
                      "it is private or shared: whoever has read it can sign. Replace it, and "
                      "give public keys only")
                : absl::OkStatus();
}

// Returns the two numbers of an ES256 signature in OpenSSL's form (DER); empty when they are malformed.
std::string DerOf(absl::string_view signature) {
  if (signature.size() != 2 * kP256Bytes) return "";
  const EcSignature pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), NumberOf(signature.substr(0, kP256Bytes)).release(),
                 NumberOf(signature.substr(kP256Bytes)).release());
  std::string der(80, '\0');  // 72 at most
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  const int size = i2d_ECDSA_SIG(pair.get(), &end);
  der.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return der;
}

}  // namespace

absl::optional<Algorithm> AlgorithmOf(absl::string_view name) {
  if (name == "RS256") return Algorithm::kRs256;
  if (name == "PS256") return Algorithm::kPs256;
  if (name == "ES256") return Algorithm::kEs256;
  if (name == "EdDSA" || name == "Ed25519") return Algorithm::kEdDsa;
  return absl::nullopt;
}

bool PublicKey::IsFor(Algorithm algorithm) const {
  if (only_ && *only_ != algorithm) return false;
  switch (algorithm) {
    case Algorithm::kRs256:
    case Algorithm::kPs256:
      return type_ == Type::kRsa;
    case Algorithm::kEs256:
      return type_ == Type::kP256;
    case Algorithm::kEdDsa:
      return type_ == Type::kEd25519;
  }
  return false;
}

bool PublicKey::Verify(Algorithm algorithm, absl::string_view text, absl::string_view signature) const {
  if (!IsFor(algorithm)) return false;
  const std::string der = algorithm == Algorithm::kEs256 ? DerOf(signature) : "";
  if (algorithm == Algorithm::kEs256) signature = der;
  const Digest digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;  // owned by the digest
  const EVP_MD* hash = algorithm == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  if (EVP_DigestVerifyInit(digest.get(), &parameters, hash, nullptr, key_.get()) != 1) return false;
  if (algorithm == Algorithm::kPs256 && (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
                                         EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(digest.get(), Bytes(signature), signature.size(), Bytes(text), text.size()) == 1;
}

// Returns nothing when the key is for something else.
absl::StatusOr<absl::optional<PublicKey>> PublicKey::Read(const Json& json) {
  RETURN_IF_ERROR(CheckHoldsNoSecret(json));
  if (IsForSomethingElse(json)) return absl::nullopt;
  PublicKey key;
  if (const Json* alg = json.Find("alg"); alg != nullptr) {
    key.only_ = AlgorithmOf(alg->text);
    if (!key.only_) return absl::nullopt;
  }
  const absl::string_view type = Text(json, "kty"), curve = Text(json, "crv");
  if (type == "RSA") {
    key.type_ = Type::kRsa;
    ASSIGN_OR_RETURN(key.key_, RsaKey(json));
  } else if (type == "EC" && curve == "P-256") {
    key.type_ = Type::kP256;
    ASSIGN_OR_RETURN(key.key_, P256Key(json));
  } else if (type == "OKP" && curve == "Ed25519") {
    key.type_ = Type::kEd25519;
    ASSIGN_OR_RETURN(key.key_, Ed25519Key(json));
  } else {
    return absl::nullopt;
  }
  if (key.key_ == nullptr) return absl::InvalidArgumentError("it is no key of its kind");
  if (key.only_ && !key.IsFor(*key.only_)) return absl::InvalidArgumentError("its alg is not for a key of its kind");
  key.id_ = std::string(Text(json, "kid"));
  return key;
}

absl::StatusOr<KeySet> KeySet::Parse(absl::string_view text) {
  const absl::optional<Json> set = text.size() <= kMostBytes ? Json::Parse(text) : absl::nullopt;
  const Json* list = set ? set->Find("keys") : nullptr;
  if (list == nullptr || !list->Is(Json::Kind::kList) || list->items.size() > kMostKeys) {
    return absl::InvalidArgumentError(absl::StrCat("no JWK set: {\"keys\": [...]}, strict JSON, at most ", kMostKeys,
                                                   " keys and ", kMostBytes / 1024, " KiB"));
  }
  KeySet keys;
  for (size_t i = 0; i < list->items.size(); ++i) {
    auto key = PublicKey::Read(list->items[i]);
    if (key.ok() && *key && keys.Find((*key)->id()) != nullptr && !(*key)->id().empty()) {
      key = absl::InvalidArgumentError("another key has this kid");
    }
    if (!key.ok()) return absl::InvalidArgumentError(absl::StrCat("keys[", i, "]: ", key.status().message()));
    if (*key) keys.keys_.push_back(**std::move(key));
  }
  if (keys.keys_.empty() && !list->items.empty()) {  // an empty list revokes all keys
    return absl::InvalidArgumentError("no key in it is for signatures with RS256, PS256, ES256 or EdDSA");
  }
  return keys;
}

const PublicKey* KeySet::Find(absl::string_view id) const {
  if (id.empty()) return keys_.size() == 1 ? &keys_.front() : nullptr;
  const auto found = absl::c_find_if(keys_, [&](const PublicKey& key) { return key.id() == id; });
  return found == keys_.end() ? nullptr : &*found;
}

}  // namespace tsunagu::jose
