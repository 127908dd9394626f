#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_PROBLEM_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_PROBLEM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::coverage {

// The problem of assigning nurses to openings so that first every floor is met, then the covered posts have the largest
// weight, then the cost is least. Merit is ignored. Of several best assignments the answer is the one that the nurses
// would choose in turn, in the order of their lots, each taking the first choice of her list that is still possible.
struct CoverageProblem {
  market::Market market;
  std::vector<int32_t> costs;    // by choice of the market: the cost if she works there, 0 or more
  std::vector<int32_t> weights;  // by opening: the weight of a post that is filled, 0 or more
  market::Caps caps;             // none, or all of its arrays
  std::vector<int32_t> floors;   // by set of the caps: the fewest nurses in it, 0 or more

  int32_t set_count() const { return static_cast<int32_t>(caps.parent.size()); }
  // Returns the innermost set around the opening; -1 for none.
  int32_t SetOf(int32_t opening) const { return caps.set_of_opening.empty() ? -1 : caps.set_of_opening[opening]; }
};

enum class FaultKind {
  kWrongSize,       // the lengths of arrays do not match; nothing else was checked
  kUnknownOpening,  // a choice is not an opening
  kOpeningTwice,    // the nurse has the opening twice
  kNegativePosts,
  kNegativeCost,
  kNegativeWeight,
  kNegativeLimit,
  kNegativeFloor,
  kParentNotBefore,   // the set lies in a set that does not come before it
  kUnknownSet,        // the opening lies in a set that does not exist
  kFloorAboveLimit,   // of the same set
  kFloorsAboveLimit,  // the floors of the sets within exceed the limit of the set
  kFloorAbovePosts,   // the floor exceeds the posts in the set, or what the limits within leave of them
  kTooLarge,          // weights, costs and sizes together exceed 64 bits, or sizes or floors alone exceed 32 bits
  // Only for visits (visit_problem.h):
  kUnknownSupply,   // a pair has an unknown supply
  kNoRoom,          // the supply has no visits for the opening, or the opening has no posts
  kUnknownSlot,     // the opening has no valid half-day
  kNoWeight,        // a visit there has no weight
  kNegativeVisits,  // a limit of a supply is negative
};

struct Fault {
  FaultKind kind = FaultKind::kWrongSize;
  int32_t nurse = -1;    // for visits the supply; -1: the fault is not about a nurse
  int32_t opening = -1;  // -1: the fault is not about an opening
  int32_t set = -1;      // -1: the fault is not about a set
};

// Returns all faults. Floors and limits are compared only if there is no other fault. All other functions in this
// folder require a problem without faults.
std::vector<Fault> CheckProblem(const CoverageProblem& problem);

// Combines the two aims into one number, the gain: weight * unit - cost. No exchange of nurses changes the cost by a
// whole unit, so the largest gain is the lexicographic optimum. All sums stay below 2^62.
struct Scale {
  int64_t unit = 1;          // the gain of one unit of weight
  int64_t most = 0;          // the largest absolute value of a gain
  int64_t beyond_price = 1;  // above any price at which a nurse could be brought to an opening
};
Scale ScaleOf(const CoverageProblem& problem);

// Returns the gain of a covered post of the opening before costs.
inline int64_t WorthOf(const CoverageProblem& problem, const Scale& scale, int32_t opening) {
  return problem.weights[opening] * scale.unit;
}

// Returns the gain if the nurse has this choice. No choice has the gain 0.
inline int64_t GainOf(const CoverageProblem& problem, const Scale& scale, size_t choice) {
  return WorthOf(problem, scale, problem.market.choices[choice].opening) - problem.costs[choice];
}

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_PROBLEM_H_
