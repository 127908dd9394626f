#include "services/training/bitstring.h"

#include <algorithm>

#include "common/base/gzip.h"

namespace tsunagu::training {
namespace {

constexpr size_t kLeastBytes = 131'072 / 8;
constexpr size_t kMostBytes = 16 << 20;

}  // namespace

std::string PackBits(const std::vector<int64_t>& set) {
  const int64_t last = set.empty() ? 0 : *std::max_element(set.begin(), set.end());
  std::string bits(std::max(kLeastBytes, static_cast<size_t>(last) / 8 + 1), '\0');
  for (const int64_t index : set) bits[static_cast<size_t>(index / 8)] |= static_cast<char>(0x80 >> (index % 8));
  return Gzip(bits);
}

absl::optional<std::string> UnpackBits(absl::string_view packed) { return Gunzip(packed, kMostBytes); }

bool HasBit(absl::string_view bits, int64_t index) {
  const auto byte = static_cast<size_t>(index / 8);
  return index >= 0 && byte < bits.size() && (bits[byte] & (0x80 >> (index % 8))) != 0;
}

}  // namespace tsunagu::training
