#include "common/base/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

namespace tsunagu {

std::string Base32(absl::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string text;
  uint32_t buffer = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text.push_back(kDigits[(buffer >> bits) & 31]);
    }
  }
  if (bits > 0) text.push_back(kDigits[(buffer << (5 - bits)) & 31]);
  return text;
}

std::string Sha256(absl::string_view bytes) {
  // OpenSSL's one-shot functions look the algorithm up by its name each time, behind a lock.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &length, algorithm,
                 nullptr) != 1) {
    std::abort();  // without hashes the program must not continue
  }
  return digest;
}

std::string HmacSha256(absl::string_view key, absl::string_view bytes) {
  // HMAC() looks both algorithms up each time, which takes as long as the hashing itself.
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  struct Free {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };
  // Most calls use the key of the call before: it is not set up again.
  struct Keyed {
    const std::unique_ptr<EVP_MAC_CTX, Free> context{EVP_MAC_CTX_new(algorithm)};
    std::string key;
    bool ready = false;
  };
  thread_local Keyed keyed;
  static char hash[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash, 0),
                                   OSSL_PARAM_construct_end()};
  EVP_MAC_CTX* const context = keyed.context.get();
  const bool same = keyed.ready && absl::string_view(keyed.key) == key;
  const int begun =
      same ? EVP_MAC_init(context, nullptr, 0, nullptr)
           : EVP_MAC_init(context, reinterpret_cast<const unsigned char*>(key.data()), key.size(), parameters);
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  size_t length = 0;
  if (begun != 1 || EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) != 1 ||
      EVP_MAC_final(context, reinterpret_cast<unsigned char*>(digest.data()), &length, digest.size()) != 1) {
    std::abort();
  }
  if (!same) keyed.key.assign(key.data(), key.size());
  keyed.ready = true;
  return digest;
}

bool EqualInConstantTime(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tsunagu
