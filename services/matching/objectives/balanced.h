#ifndef TSUNAGU_SERVICES_MATCHING_OBJECTIVES_BALANCED_H_
#define TSUNAGU_SERVICES_MATCHING_OBJECTIVES_BALANCED_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/cutoffs.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::objectives {

struct Balanced {
  // Those that were given, with lower limits for sets that give nurses away. `solution` is stable under them.
  market::Caps caps;
  market::Solution solution;
  std::vector<int32_t> missed;  // sets whose floor is not met
  int32_t runs = 0;             // matchings that were made on the way
};

// A matching in which sets have at least so many nurses (floors), as far as lower limits on others bring them there,
// and which is stable under those limits: nobody was placed where she had not gone by herself. A set may give nurses
// away when it neither lies in one with a floor, nor has one in it; of those that lie in one another the outermost
// does. Limits are lowered by one nurse at a time, of the set whose posts are filled to the greatest part (equal ones:
// the smaller index), until no floor is missed, or none of them has a nurse left; a set that no longer helps stays as
// it was. In the end no limit can be raised again, by itself, without a floor being missed. Where some are missed
// anyway, no limit was lowered: nobody gives anything for nothing. `floors`: by set, 0 for none. Relies on CheckMarket
// finding nothing, and on no floor above its set's limit.
Balanced SolveBalanced(const market::Market& market, const market::Caps& caps, absl::Span<const int32_t> floors);

}  // namespace tsunagu::matching::objectives

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVES_BALANCED_H_
