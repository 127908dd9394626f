#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_PROBLEM_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_PROBLEM_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/problem.h"
#include "services/matching/market/visits.h"

namespace tsunagu::matching::coverage {

// A supply, and an opening that it may visit. As in a VisitMarket, an opening is one half-day.
struct VisitPair {
  int32_t supply = -1;
  int32_t opening = -1;
  int32_t cost = 0;  // of one visit, 0 or more
};

// The problem of choosing how often each supply visits each opening, within the limits of both, so that first every
// floor is met, then the visits have the largest weight, then the cost is least. Of several best covers the answer is
// the one that has more visits of the first pair by which they differ.
struct VisitProblem {
  std::vector<VisitPair> pairs;             // each pair once, in the order that decides ties
  std::vector<market::VisitLimits> limits;  // by supply
  std::vector<int32_t> slots;               // by opening: its half-day, 0 to below market::kSlots
  std::vector<int32_t> posts;               // by opening: the most visits, 0 or more
  std::vector<int32_t> weights;             // by opening: the weight of a visit, 1 or more
  market::Caps caps;                        // none, or all of its arrays; counts visits
  std::vector<int32_t> floors;              // by set of the caps: the fewest visits in it, 0 or more

  int32_t supply_count() const { return static_cast<int32_t>(limits.size()); }
  int32_t opening_count() const { return static_cast<int32_t>(posts.size()); }
  int32_t set_count() const { return static_cast<int32_t>(caps.parent.size()); }
  // Returns the innermost set around the opening; -1 for none.
  int32_t SetOf(int32_t opening) const { return caps.set_of_opening.empty() ? -1 : caps.set_of_opening[opening]; }
};

// Returns all faults. Floors and limits are compared only if there is no other fault. All other functions for visits in
// this folder require a problem without faults.
std::vector<Fault> CheckVisitProblem(const VisitProblem& problem);

// Combines the two aims into one number, as for nurses: moving visits along a path or a circle never changes their cost
// by a whole unit. No gain is below 1, since no weight is. All sums stay below 2^62.
Scale ScaleOf(const VisitProblem& problem);

// Returns the gain of one visit of the pair.
inline int64_t GainOf(const VisitProblem& problem, const Scale& scale, const VisitPair& pair) {
  return problem.weights[pair.opening] * scale.unit - pair.cost;
}

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_PROBLEM_H_
