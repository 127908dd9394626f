#include "common/base/entropy.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace tsunagu {
namespace {

class SystemEntropy : public Entropy {
 public:
  std::string Bytes(size_t count) override {
    std::string bytes(count, '\0');
    if (count > kMostOfAnId) {
      Draw(bytes.data(), count);
      return bytes;
    }
    // A draw costs microseconds, whatever its size, and every call needs an id or two.
    thread_local char drawn[1024];
    thread_local size_t used = sizeof(drawn);
    if (used + count > sizeof(drawn)) {
      Draw(drawn, sizeof(drawn));
      used = 0;
    }
    std::memcpy(bytes.data(), drawn + used, count);
    OPENSSL_cleanse(drawn + used, count);
    used += count;
    return bytes;
  }

 private:
  static constexpr size_t kMostOfAnId = 10;  // secrets and nonces are longer, and drawn separately

  static void Draw(char* bytes, size_t count) {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes), static_cast<int>(count)) != 1) std::abort();
  }
};

}  // namespace

Entropy& Entropy::System() {
  static SystemEntropy entropy;
  return entropy;
}

std::string SeededEntropy::Bytes(size_t count) {
  MutexLock lock(mutex_);
  std::string bytes;
  while (bytes.size() < count) bytes += Sha256(absl::StrCat(seed_, "/", drawn_++));
  bytes.resize(count);
  return bytes;
}

std::string NewId(absl::Time now, Entropy& entropy) {
  const uint64_t millis = static_cast<uint64_t>(absl::ToUnixMillis(now));
  std::string bytes;
  for (int shift = 40; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(millis >> shift));
  return Base32(bytes + entropy.Bytes(10));
}

}  // namespace tsunagu
