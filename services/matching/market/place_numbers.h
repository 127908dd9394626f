#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_PLACE_NUMBERS_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_PLACE_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// Numbers for places, such that those of a set, with those of all sets in it, are neighbours. Places of no set come
// last.
struct PlaceNumbers {
  PlaceNumbers(const Caps& caps, size_t place_count);

  struct Range {
    size_t first = 0, end = 0;
  };
  std::vector<size_t> of_place;
  std::vector<int32_t> places;  // by number
  std::vector<Range> of_set;
};

// The largest of numbers that change, among neighbours.
class Largest {
 public:
  explicit Largest(size_t count) : count_(count), tree_(2 * count, 0) {}

  void Set(size_t index, uint64_t value);
  uint64_t Get(size_t index) const { return tree_[count_ + index]; }
  // The index of the largest from `first` to before `end`, which is larger.
  size_t Among(size_t first, size_t end) const;
  size_t Among(const PlaceNumbers::Range& range) const { return Among(range.first, range.end); }

 private:
  size_t count_;
  std::vector<uint64_t> tree_;  // node i is the larger of 2 i and 2 i + 1; the leaves are the last half
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_PLACE_NUMBERS_H_
