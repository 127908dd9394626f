#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_CUTOFFS_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_CUTOFFS_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// Greater than every key.
inline constexpr uint64_t kNoCutoff = std::numeric_limits<uint64_t>::max();

// The cut-off of an opening or set that is full is the key of its last nurse: KeyOf her and of the opening that she
// has. It is kNoCutoff if there is room, and if there is nothing to get (no posts, or a limit of 0). So an assignment
// has exactly one Cutoffs, and the cut-offs alone explain why any other nurse was not admitted.
struct Cutoffs {
  std::vector<uint64_t> of_opening;
  std::vector<uint64_t> of_set;  // by set of the caps
};

// An assignment with its cut-offs.
struct Solution {
  Assigned assigned;
  Cutoffs cutoffs;
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_CUTOFFS_H_
