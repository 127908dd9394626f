#ifndef TSUNAGU_SERVICES_MATCHING_OBJECTIVES_LEAST_MOVES_H_
#define TSUNAGU_SERVICES_MATCHING_OBJECTIVES_LEAST_MOVES_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "services/matching/market/market.h"
#include "services/matching/objectives/capped_rotations.h"

namespace tsunagu::matching::objectives {

struct LeastMoves {
  market::Assigned assigned;
  int32_t moved = 0;  // nurses who had a place, and have another or none
  bool is_least =
      true;  // no stable matching has fewer; else only none of those on one way from the best to the worst has
};

// Of all stable matchings, one that leaves most nurses where they are; of several, the one that is best for every
// nurse. `present`: by nurse the place that she has now, -1 for none. Under caps it is exact as well, unless the stable
// matchings depend on each other in more than `most_needs` ways; then it goes one way down, by `turns` (FindRotations).
// Relies on CheckMarket finding nothing.
LeastMoves SolveWithLeastMoves(const market::Market& market, absl::Span<const int32_t> present);
LeastMoves SolveWithLeastMoves(const market::Market& market, const market::Caps& caps,
                               absl::Span<const int32_t> present, absl::Span<const int32_t> turns,
                               size_t most_needs = kMostNeeds);

}  // namespace tsunagu::matching::objectives

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVES_LEAST_MOVES_H_
