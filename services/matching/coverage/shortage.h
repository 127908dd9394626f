#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_SHORTAGE_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_SHORTAGE_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

// Why floors cannot be met, in numbers that anybody can count again. The sets of `floors` want `wanted` nurses. Of
// these `held` at most can be where limits or posts bound them: in the sets of `limits` and in `bounded_places`, which
// lie within. All others would have to be in `places`, and no more than `eligible` nurses have one of these among their
// choices. `wanted` is more than `held` + `eligible`.
struct Shortage {
  std::vector<int32_t> floors;  // sets
  std::vector<int32_t> limits;  // sets
  std::vector<int32_t> bounded_places;
  std::vector<int32_t> places;
  int64_t wanted = 0;
  int64_t held = 0;
  int64_t eligible = 0;

  bool operator==(const Shortage&) const = default;
};

// Whether the shortage is true of the problem and proves that its floors cannot be met. Shares no code with what finds
// it.
bool ProvesShortage(const CoverageProblem& problem, const Shortage& shortage);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_SHORTAGE_H_
