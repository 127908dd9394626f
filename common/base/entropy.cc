#include "common/base/entropy.h"

#include <openssl/rand.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace tsunagu {
namespace {

class SystemEntropy : public Entropy {
 public:
  std::string Bytes(size_t count) override {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) std::abort();
    return bytes;
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
