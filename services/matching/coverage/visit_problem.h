#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_PROBLEM_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_PROBLEM_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/problem.h"
#include "services/matching/market/visits.h"

namespace tsunagu::matching::coverage {

// A supply, and a place that it may visit: one half-day of an opening.
struct VisitPair {
  int32_t supply = -1;
  int32_t place = -1;
  int32_t cost = 0;  // of one visit, 0 or more
};

// How often each supply should visit each place, within the limits of both, so that first every floor is met, then the
// visits weigh most, then they cost least. Of several best covers the one is meant that has most visits of the first
// pair by which they differ.
struct VisitProblem {
  std::vector<VisitPair> pairs;             // each once, in the order in which ties fall
  std::vector<market::VisitLimits> limits;  // by supply
  std::vector<int32_t> slots;               // by place: its half-day, 0 to below market::kSlots
  std::vector<int32_t> posts;               // by place: most visits, 0 or more
  std::vector<int32_t> weights;             // by place: what a visit counts, 1 or more
  market::Caps caps;                        // none, or all of its arrays; counts visits
  std::vector<int32_t> floors;              // by set of the caps: least visits in it, 0 or more

  int32_t supply_count() const { return static_cast<int32_t>(limits.size()); }
  int32_t place_count() const { return static_cast<int32_t>(posts.size()); }
  int32_t set_count() const { return static_cast<int32_t>(caps.parent.size()); }
  // The innermost set that the place lies in; -1 for none.
  int32_t SetOf(int32_t place) const { return caps.set_of_place.empty() ? -1 : caps.set_of_place[place]; }
};

// Every fault at once; floors and limits are held against each other only where nothing else is wrong. Everything else
// of visits in this folder takes a problem without faults.
std::vector<Fault> CheckVisitProblem(const VisitProblem& problem);

// The two aims as one number, as for nurses: no visits that change places along a path or a circle change their cost by
// a whole unit. No gain is below 1, since weights are not. All that is ever added up stays below 2^62.
Scale ScaleOf(const VisitProblem& problem);

// What one visit of the pair gains.
inline int64_t GainOf(const VisitProblem& problem, const Scale& scale, const VisitPair& pair) {
  return problem.weights[pair.place] * scale.unit - pair.cost;
}

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_PROBLEM_H_
