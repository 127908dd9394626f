#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_PROBLEM_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_PROBLEM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::coverage {

// Which nurse should have which place, so that first every floor is met, then the covered posts weigh most, then it
// costs least. What a place thinks of a nurse (merit) plays no part. Of several best answers the one is meant that the
// nurses would choose by turns in the order of their lots, each taking the first of her list that is still possible.
struct CoverageProblem {
  market::Market market;
  std::vector<int32_t> costs;    // by choice of the market: what it costs that she works there, 0 or more
  std::vector<int32_t> weights;  // by place: what a post counts once a nurse has it, 0 or more
  market::Caps caps;             // none, or all of its arrays
  std::vector<int32_t> floors;   // by set of the caps: least nurses in it, 0 or more

  int32_t set_count() const { return static_cast<int32_t>(caps.parent.size()); }
  // The innermost set that the place lies in; -1 for none.
  int32_t SetOf(int32_t place) const { return caps.set_of_place.empty() ? -1 : caps.set_of_place[place]; }
};

enum class FaultKind {
  kWrongSize,     // arrays do not fit each other; nothing else was checked
  kUnknownPlace,  // a choice is no place
  kPlaceTwice,    // the nurse has the place twice
  kNegativePosts,
  kNegativeCost,
  kNegativeWeight,
  kNegativeLimit,
  kNegativeFloor,
  kParentNotBefore,   // the set lies in one that does not come before it
  kUnknownSet,        // the place lies in a set that does not exist
  kFloorAboveLimit,   // of the same set
  kFloorsAboveLimit,  // the sets within want more than the set may have
  kFloorAbovePosts,   // the set has fewer posts, or the limits within leave fewer
  kTooLarge,          // weights, costs and sizes together do not fit in 64 bits, or sizes or floors alone in 32
  // Of visits only (visit_problem.h):
  kUnknownSupply,   // a pair is of no supply
  kNoRoom,          // the supply has nothing for the place, or the place no posts
  kUnknownSlot,     // the place is in no half-day
  kNoWeight,        // a visit there counts nothing
  kNegativeVisits,  // a supply can do less than nothing
};

struct Fault {
  FaultKind kind = FaultKind::kWrongSize;
  int32_t nurse = -1;  // of visits the supply; -1: of no nurse
  int32_t place = -1;  // -1: of no place
  int32_t set = -1;    // -1: of no set
};

// Every fault at once; floors and limits are held against each other only where nothing else is wrong. Everything else
// in this folder takes a problem without faults.
std::vector<Fault> CheckProblem(const CoverageProblem& problem);

// The two aims as one number, the gain: weight * unit - cost. No swap of nurses changes their cost by a whole unit,
// hence the largest gain is the lexicographic best. All that is ever added up stays below 2^62.
struct Scale {
  int64_t unit = 1;          // of weight
  int64_t most = 0;          // no gain is larger or smaller
  int64_t beyond_price = 1;  // more than any price that could bring a nurse to a place
};
Scale ScaleOf(const CoverageProblem& problem);

// What a covered post of the place is worth before costs.
inline int64_t WorthOf(const CoverageProblem& problem, const Scale& scale, int32_t place) {
  return problem.weights[place] * scale.unit;
}

// What it gains when a nurse has the choice; having none gains 0.
inline int64_t GainOf(const CoverageProblem& problem, const Scale& scale, size_t choice) {
  return WorthOf(problem, scale, problem.market.choices[choice].place) - problem.costs[choice];
}

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_PROBLEM_H_
