#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_SHORTAGE_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_SHORTAGE_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/visit_problem.h"

namespace tsunagu::matching::coverage {

// The proof that floors of visits cannot be met, in numbers that anyone can check. The sets of `floors` require
// `wanted` visits. At most `held` of them fit where limits or posts apply: in the sets of `limits` and in
// `bounded_openings`, which lie within the sets of `floors`. All others would have to be in `openings`, where all
// supplies together can make at most `supplied` visits. `wanted` is greater than `held` + `supplied`.
struct VisitShortage {
  std::vector<int32_t> floors;  // sets
  std::vector<int32_t> limits;  // sets
  std::vector<int32_t> bounded_openings;
  std::vector<int32_t> openings;
  int64_t wanted = 0;
  int64_t held = 0;
  int64_t supplied = 0;

  bool operator==(const VisitShortage&) const = default;
};

// Returns whether the shortage is true of the problem and proves that its floors cannot be met. Shares no code with the
// function that finds it.
bool ProvesVisitShortage(const VisitProblem& problem, const VisitShortage& shortage);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_SHORTAGE_H_
