#ifndef TSUNAGU_SERVICES_MATCHING_OBJECTIVES_BALANCED_H_
#define TSUNAGU_SERVICES_MATCHING_OBJECTIVES_BALANCED_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/cutoffs.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::objectives {

struct Balanced {
  // The given caps, with lower limits for the sets that give nurses away. `solution` is stable under them.
  market::Caps caps;
  market::Solution solution;
  std::vector<int32_t> missed;  // sets whose floor is not met
  int32_t runs = 0;             // number of matchings that were computed
};

// Returns a matching in which sets have at least a minimum number of nurses (floors), as far as lower limits on other
// sets achieve this. It is stable under the lowered limits: no nurse is placed where she would not have gone by
// herself.
// A set may give nurses away if it neither lies within a set with a floor nor contains one; of nested such sets only
// the outermost one gives. Limits are lowered by one nurse at a time, at the set with the highest proportion of filled
// posts (of equal ones: the smaller index), until no floor is missed or none of these sets has a nurse left. A set
// whose lower limit no longer helps keeps its limit. At the end no single limit can be raised without a floor being
// missed. If some floors are missed all the same, no limit is lowered.
// `floors`: by set, 0 for none. CheckMarket must have found no fault, and no floor may be above its set's limit.
Balanced SolveBalanced(const market::Market& market, const market::Caps& caps, absl::Span<const int32_t> floors);

}  // namespace tsunagu::matching::objectives

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVES_BALANCED_H_
