#ifndef TSUNAGU_SERVICES_MATCHING_OBJECTIVES_LEAST_MOVES_H_
#define TSUNAGU_SERVICES_MATCHING_OBJECTIVES_LEAST_MOVES_H_

#include <cstdint>

#include "absl/types/span.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::objectives {

struct LeastMoves {
  market::Assigned assigned;
  int32_t moved = 0;  // nurses who had a place, and have another or none
};

// Of all stable matchings of a market without caps, one that leaves most nurses where they are; of several, the one that is
// best for every nurse. `present`: by nurse the place that she has now, -1 for none. Relies on CheckMarket finding nothing.
LeastMoves SolveWithLeastMoves(const market::Market& market, absl::Span<const int32_t> present);

}  // namespace tsunagu::matching::objectives

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVES_LEAST_MOVES_H_
