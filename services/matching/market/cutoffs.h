#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_CUTOFFS_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_CUTOFFS_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// Behind every key.
inline constexpr uint64_t kNoCutoff = std::numeric_limits<uint64_t>::max();

// The key of the last nurse who got in, where nobody more does: KeyOf of her and of the place that she has.
// kNoCutoff where something is free, and where there is nothing to have at all (no posts, a limit of 0). So there is
// exactly one of them for who has what, and whoever has only this can say of anybody else why she did not get in.
struct Cutoffs {
  std::vector<uint64_t> of_place;
  std::vector<uint64_t> of_set;  // by set of the caps
};

// Who gets what, and how far down each place and each set went.
struct Solution {
  Assigned assigned;
  Cutoffs cutoffs;
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_CUTOFFS_H_
