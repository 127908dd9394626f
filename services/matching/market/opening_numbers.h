#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_OPENING_NUMBERS_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_OPENING_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// Numbers the openings so that the openings of a set, including those of the sets within it, are adjacent. Openings
// without a set come last.
struct OpeningNumbers {
  OpeningNumbers(const Caps& caps, size_t opening_count);

  struct Range {
    size_t first = 0, end = 0;
  };
  std::vector<size_t> of_opening;
  std::vector<int32_t> openings;  // by number
  std::vector<Range> of_set;
};

// A tree that finds the largest value in a range of values that change.
class Largest {
 public:
  explicit Largest(size_t count) : count_(count), tree_(2 * count, 0) {}

  void Set(size_t index, uint64_t value);
  uint64_t Get(size_t index) const { return tree_[count_ + index]; }
  // Returns the index of the largest value in [first, end). `end` must be greater than `first`.
  size_t Among(size_t first, size_t end) const;
  size_t Among(const OpeningNumbers::Range& range) const { return Among(range.first, range.end); }

 private:
  size_t count_;
  std::vector<uint64_t> tree_;  // node i is the larger of nodes 2 i and 2 i + 1; the leaves are the second half
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_OPENING_NUMBERS_H_
