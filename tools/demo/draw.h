#ifndef TSUNAGU_TOOLS_DEMO_DRAW_H_
#define TSUNAGU_TOOLS_DEMO_DRAW_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/entropy.h"

namespace tsunagu::demo {

// Pseudorandom numbers for invented data: the same for the same seed and subject on every machine and with every
// library, regardless of other draws. Not for secrets.
class Draw {
 public:
  Draw(int64_t seed, absl::string_view subject) {
    for (const unsigned char byte : Sha256(absl::StrCat(seed, "/", subject)).substr(0, 8)) state_ = state_ << 8 | byte;
  }

  // Returns a number in [0, count); `count` must be at least 1.
  int64_t Below(int64_t count) { return static_cast<int64_t>(Next() % static_cast<uint64_t>(count)); }
  // Returns a number from `first` to `last`, both inclusive.
  int64_t Between(int64_t first, int64_t last) { return first + Below(last - first + 1); }
  bool Percent(int chance) { return Below(100) < chance; }
  // Returns an index with a probability proportional to its weight; the sum of the weights must be at least 1.
  size_t Weighted(absl::Span<const int> weights) {
    int64_t sum = 0;
    for (const int weight : weights) sum += weight;
    int64_t left = Below(sum);
    size_t index = 0;
    while (left >= weights[index]) left -= weights[index++];
    return index;
  }

 private:
  // SplitMix64 (Steele, Lea, Flood 2014).
  uint64_t Next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  uint64_t state_ = 0;
};

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_DRAW_H_
