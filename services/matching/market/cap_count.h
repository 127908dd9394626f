#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_CAP_COUNT_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_CAP_COUNT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"
#include "services/matching/market/opening_numbers.h"

namespace tsunagu::matching::market {

// Counts the nurses in nested sets of openings, and finds the nurse who would have to leave each set first. The caller
// reports every change at an opening.
class CapCount {
 public:
  // Keeps a reference to the caps, which must outlive this object.
  CapCount(const Caps& caps, size_t opening_count);

  bool empty() const { return count_.empty(); }
  int32_t set_count() const { return static_cast<int32_t>(count_.size()); }
  int32_t limit(int32_t set) const { return caps_.limit[set]; }
  int32_t count(int32_t set) const { return count_[set]; }

  // Reports that the number of nurses at the opening changes by `more`, and that the key of its last nurse is
  // `behind_last` - 1; `behind_last` is 0 if the opening is empty.
  void Change(int32_t opening, int32_t more, uint64_t behind_last);

  // Returns the innermost full set around the opening; -1: there is none.
  int32_t InnermostFull(int32_t opening) const { return Innermost(opening, 0); }
  // Return the innermost and the outermost set around the opening that has room for exactly one nurse; -1: there is
  // none.
  int32_t InnermostWithOneLeft(int32_t opening) const { return Innermost(opening, 1); }
  int32_t OutermostWithOneLeft(int32_t opening) const;

  // Return the key of the last nurse of the set, and her opening. If the set is empty, the key is 0 and the opening is
  // arbitrary.
  uint64_t LastKey(int32_t set) const {
    const uint64_t behind = behind_last_.Get(behind_last_.Among(numbers_.of_set[set]));
    return behind == 0 ? 0 : behind - 1;
  }
  int32_t OpeningOfLast(int32_t set) const { return numbers_.openings[behind_last_.Among(numbers_.of_set[set])]; }

  template <typename Do>
  void ForOpeningsIn(int32_t set, Do what) const {
    for (size_t i = numbers_.of_set[set].first; i < numbers_.of_set[set].end; ++i) what(numbers_.openings[i]);
  }

 private:
  int32_t SetOf(int32_t opening) const { return empty() ? -1 : caps_.set_of_opening[opening]; }
  int32_t Innermost(int32_t opening, int32_t left) const {
    int32_t set = SetOf(opening);
    while (set >= 0 && caps_.limit[set] - count_[set] != left) set = caps_.parent[set];
    return set;
  }

  const Caps& caps_;
  const OpeningNumbers numbers_;
  std::vector<int32_t> count_;  // by set
  Largest behind_last_;         // by number of an opening: the key of its last nurse plus one, since 0 is a valid key
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_CAP_COUNT_H_
