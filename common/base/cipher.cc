#include "common/base/cipher.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"

namespace tsunagu {
namespace {

using EvpContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* Bytes(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// These calls fail only for a wrong length or without memory. To continue would mean plain text on a disk.
void Must(int result) {
  if (result != 1) std::abort();
}

// Fetching the cipher costs more than using it on a short text.
const EVP_CIPHER* Cipher() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  if (cipher == nullptr) std::abort();
  return cipher;
}

EvpContext Begin(absl::string_view key, absl::string_view nonce, absl::string_view context, bool encrypt) {
  if (key.size() != kCipherKeyBytes || nonce.size() != kCipherNonceBytes) std::abort();
  EvpContext evp(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  if (evp == nullptr) std::abort();
  Must(EVP_CipherInit_ex2(evp.get(), Cipher(), Bytes(key), Bytes(nonce), encrypt ? 1 : 0, nullptr));
  int done = 0;
  if (!context.empty()) {
    Must(EVP_CipherUpdate(evp.get(), nullptr, &done, Bytes(context), static_cast<int>(context.size())));
  }
  return evp;
}

// In place: GCM returns as many bytes as it takes.
void Run(EVP_CIPHER_CTX* evp, std::string& text) {
  int done = 0;
  if (!text.empty()) Must(EVP_CipherUpdate(evp, Bytes(text), &done, Bytes(text), static_cast<int>(text.size())));
}

}  // namespace

std::string EncryptWithNonce(absl::string_view key, absl::string_view nonce, absl::string_view context,
                             absl::string_view plain) {
  const EvpContext evp = Begin(key, nonce, context, /*encrypt=*/true);
  std::string text(plain), tag(kCipherTagBytes, '\0');
  Run(evp.get(), text);
  int done = 0;
  Must(EVP_CipherFinal_ex(evp.get(), Bytes(tag), &done));
  Must(EVP_CIPHER_CTX_ctrl(evp.get(), EVP_CTRL_AEAD_GET_TAG, kCipherTagBytes, tag.data()));
  return absl::StrCat(nonce, text, tag);
}

std::string Encrypt(absl::string_view key, absl::string_view context, absl::string_view plain) {
  // The nonce never comes from a seed: two texts under one nonce reveal both.
  return EncryptWithNonce(key, Entropy::System().Bytes(kCipherNonceBytes), context, plain);
}

absl::StatusOr<std::string> Decrypt(absl::string_view key, absl::string_view context, absl::string_view encrypted) {
  if (encrypted.size() < kCipherNonceBytes + kCipherTagBytes) return absl::DataLossError("encrypted text is too short");
  const EvpContext evp = Begin(key, encrypted.substr(0, kCipherNonceBytes), context, /*encrypt=*/false);
  const size_t length = encrypted.size() - kCipherNonceBytes - kCipherTagBytes;
  std::string text(encrypted.substr(kCipherNonceBytes, length)), tag(encrypted.substr(kCipherNonceBytes + length));
  Run(evp.get(), text);
  Must(EVP_CIPHER_CTX_ctrl(evp.get(), EVP_CTRL_AEAD_SET_TAG, kCipherTagBytes, tag.data()));
  int done = 0;
  if (EVP_CipherFinal_ex(evp.get(), Bytes(tag), &done) != 1) return absl::DataLossError("encrypted text was changed");
  return text;
}

}  // namespace tsunagu
