#ifndef TSUNAGU_COMMON_TESTING_TOKEN_SIGNER_H_
#define TSUNAGU_COMMON_TESTING_TOKEN_SIGNER_H_

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jose/base64url.h"

namespace tsunagu::jose {

// An issuer's key for tests. It signs anything, including what no real issuer would sign.
class TokenSigner {
 public:
  static TokenSigner Rsa(std::string id, size_t bits = 2048) {
    return TokenSigner("RS256", std::move(id), EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
  }
  static TokenSigner Ec(std::string id, const char* curve = "P-256") {
    return TokenSigner("ES256", std::move(id), EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve));
  }
  static TokenSigner Ed25519(std::string id) {
    return TokenSigner("EdDSA", std::move(id), EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  }

  const std::string& id() const { return id_; }
  std::string Header() const {
    return absl::StrCat(R"({"alg":")", algorithm_, R"(","kid":")", id_, R"(","typ":"at+jwt"})");
  }

  // Returns the public key as JSON; `more` are additional members: R"("use":"sig")".
  std::string Jwk(absl::string_view more = "") const {
    std::string jwk = absl::StrCat(R"({"kid":")", id_, "\",");
    if (algorithm_ == "EdDSA") {
      std::string x(32, '\0');
      size_t size = x.size();
      EVP_PKEY_get_raw_public_key(key_.get(), Bytes(x), &size);
      absl::StrAppend(&jwk, R"("kty":"OKP","crv":"Ed25519","x":")", ToBase64Url(x), "\"");
    } else if (algorithm_ == "ES256") {
      absl::StrAppend(&jwk, R"("kty":"EC","crv":"P-256","x":")", Number("qx", 32), R"(","y":")", Number("qy", 32),
                      "\"");
    } else {
      absl::StrAppend(&jwk, R"("kty":"RSA","n":")", Number("n"), R"(","e":")", Number("e"), "\"");
    }
    return absl::StrCat(jwk, more.empty() ? "" : ",", more, "}");
  }

  // Returns a signature in the form of a JWS. `algorithm`: RS256, PS256, ES256, EdDSA.
  std::string Sign(absl::string_view text, absl::string_view algorithm, int salt = RSA_PSS_SALTLEN_DIGEST) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_PKEY_CTX* parameters = nullptr;
    EVP_DigestSignInit(context.get(), &parameters, algorithm_ == "EdDSA" ? nullptr : EVP_sha256(), nullptr, key_.get());
    if (algorithm == "PS256") {
      EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, salt);
    }
    std::string signature(1024, '\0');
    size_t size = signature.size();
    EVP_DigestSign(context.get(), Bytes(signature), &size, reinterpret_cast<const unsigned char*>(text.data()),
                   text.size());
    signature.resize(size);
    return algorithm_ == "ES256" ? Raw(signature) : signature;
  }
  std::string Sign(absl::string_view text) const { return Sign(text, algorithm_); }

  // Returns a token of these two JSON texts, whatever the header contains.
  std::string Token(absl::string_view header, absl::string_view claims) const {
    return Token(header, claims, algorithm_);
  }
  std::string Token(absl::string_view header, absl::string_view claims, absl::string_view algorithm) const {
    const std::string text = absl::StrCat(ToBase64Url(header), ".", ToBase64Url(claims));
    return absl::StrCat(text, ".", ToBase64Url(Sign(text, algorithm)));
  }
  std::string Token(absl::string_view claims) const { return Token(Header(), claims); }

  // Converts DER to r and s, of 32 bytes each.
  static std::string Raw(absl::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), &ECDSA_SIG_free);
    std::string raw(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), Bytes(raw), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), Bytes(raw) + 32, 32);
    return raw;
  }

 private:
  TokenSigner(std::string algorithm, std::string id, EVP_PKEY* key)
      : algorithm_(std::move(algorithm)), id_(std::move(id)), key_(key, &EVP_PKEY_free) {}
  static unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
  std::string Number(const char* name, int least = 0) const {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &number);
    std::string bytes(static_cast<size_t>(std::max(BN_num_bytes(number), least)), '\0');
    BN_bn2binpad(number, Bytes(bytes), static_cast<int>(bytes.size()));
    BN_free(number);
    return ToBase64Url(bytes);
  }

  std::string algorithm_, id_;
  std::shared_ptr<EVP_PKEY> key_;
};

inline std::string JwkSet(std::initializer_list<std::string> keys) {
  return absl::StrCat(R"({"keys":[)", absl::StrJoin(keys, ","), "]}");
}

}  // namespace tsunagu::jose

#endif  // TSUNAGU_COMMON_TESTING_TOKEN_SIGNER_H_
