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
  int32_t moved = 0;     // nurses who had an opening, and now have another or none
  bool is_least = true;  // true: no stable matching has fewer moves; false: only the matchings on one path from the
                         // best to the worst were compared
};

// Of all stable matchings, returns one that leaves most nurses where they are; of several, the one that every nurse
// likes best. `present`: by nurse, her present opening, -1 for none. The result is exact under caps as well, unless the
// stable matchings have more than `most_needs` dependencies; then only the matchings on one path down are compared, in
// the order of `turns` (FindRotations). CheckMarket must have found no fault.
LeastMoves SolveWithLeastMoves(const market::Market& market, absl::Span<const int32_t> present);
LeastMoves SolveWithLeastMoves(const market::Market& market, const market::Caps& caps,
                               absl::Span<const int32_t> present, absl::Span<const int32_t> turns,
                               size_t most_needs = kMostNeeds);

}  // namespace tsunagu::matching::objectives

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVES_LEAST_MOVES_H_
