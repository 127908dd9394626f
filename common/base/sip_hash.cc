#include "common/base/sip_hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdlib>
#include <memory>

#include "common/base/digest.h"

namespace tsunagu {

std::string SipHash(absl::string_view key, absl::string_view bytes) {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "SIPHASH", nullptr);
  struct Free {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };
  struct Keyed {
    const std::unique_ptr<EVP_MAC_CTX, Free> context{EVP_MAC_CTX_new(algorithm)};
    std::string key, derived;
  };
  thread_local Keyed keyed;
  if (keyed.derived.empty() || absl::string_view(keyed.key) != key) {
    keyed.key.assign(key.data(), key.size());
    keyed.derived = HmacSha256(key, "tsunagu.siphash.v1").substr(0, 16);
  }
  size_t size = 16;
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size), OSSL_PARAM_construct_end()};
  EVP_MAC_CTX* const context = keyed.context.get();
  std::string mac(size, '\0');
  size_t length = 0;
  if (EVP_MAC_init(context, reinterpret_cast<const unsigned char*>(keyed.derived.data()), keyed.derived.size(),
                   parameters) != 1 ||
      EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) != 1 ||
      EVP_MAC_final(context, reinterpret_cast<unsigned char*>(mac.data()), &length, mac.size()) != 1 ||
      length != mac.size()) {
    std::abort();
  }
  return mac;
}

}  // namespace tsunagu
