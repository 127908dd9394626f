#ifndef TSUNAGU_COMMON_TESTING_IDENTITY_H_
#define TSUNAGU_COMMON_TESTING_IDENTITY_H_

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace tsunagu {

// A certificate and its key. For tests only.
struct Identity {
  std::shared_ptr<EVP_PKEY> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  std::shared_ptr<X509> certificate{X509_new(), X509_free};
};

struct WantedIdentity {
  std::string name;                 // the common name
  std::string alternatives;         // "DNS:localhost,IP:127.0.0.1"
  int begins = -3600, ends = 3600;  // seconds from now
  bool authority = false;
};

// Makes a certificate signed by `issuer`, or self-signed.
inline Identity MakeIdentity(const WantedIdentity& wanted, const Identity* issuer = nullptr) {
  static int serial = 0;
  Identity made;
  X509* x = made.certificate.get();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(x), wanted.begins);
  X509_gmtime_adj(X509_getm_notAfter(x), wanted.ends);
  X509_set_pubkey(x, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wanted.name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(issuer == nullptr ? x : issuer->certificate.get()));
  const auto add = [&](int kind, const std::string& value) {
    if (X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str())) {
      X509_add_ext(x, extension, -1);
      X509_EXTENSION_free(extension);
    }
  };
  add(NID_basic_constraints, wanted.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!wanted.alternatives.empty()) add(NID_subject_alt_name, wanted.alternatives);
  X509_sign(x, (issuer == nullptr ? made : *issuer).key.get(), EVP_sha256());
  return made;
}

// Returns the text that `write` writes.
template <typename Write>
std::string PemOf(const Write& write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  write(out.get());
  char* bytes = nullptr;
  const auto size = static_cast<size_t>(BIO_get_mem_data(out.get(), &bytes));
  return std::string(bytes, size);
}

inline std::string CertificatePem(const Identity& identity) {
  return PemOf([&](BIO* out) { PEM_write_bio_X509(out, identity.certificate.get()); });
}

inline std::string KeyPem(const Identity& identity) {
  return PemOf(
      [&](BIO* out) { PEM_write_bio_PrivateKey(out, identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TESTING_IDENTITY_H_
