#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_SHORTAGE_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_SHORTAGE_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

// The proof that floors cannot be met, in numbers that anyone can check. The sets of `floors` require `wanted` nurses.
// At most `held` of them fit where limits or posts apply: in the sets of `limits` and in `bounded_openings`, which lie
// within the sets of `floors`. All others would have to be in `openings`, and only `eligible` nurses have a choice
// there. `wanted` is greater than `held` + `eligible`.
struct Shortage {
  std::vector<int32_t> floors;  // sets
  std::vector<int32_t> limits;  // sets
  std::vector<int32_t> bounded_openings;
  std::vector<int32_t> openings;
  int64_t wanted = 0;
  int64_t held = 0;
  int64_t eligible = 0;

  bool operator==(const Shortage&) const = default;
};

// Returns whether the shortage is true of the problem and proves that its floors cannot be met. Shares no code with the
// function that finds it.
bool ProvesShortage(const CoverageProblem& problem, const Shortage& shortage);

// Returns the indexes as marks. Sets `sound` to false if one is not from 0 to below `count`, or occurs twice.
std::vector<bool> Marked(const std::vector<int32_t>& indexes, int32_t count, bool& sound);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_SHORTAGE_H_
