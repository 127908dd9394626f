#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_SETS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_SETS_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

// Checks of nested sets, of nurses or of visits. The lengths of the arrays must match.

// Adds kParentNotBefore, kNegativeLimit, kNegativeFloor.
void CheckSets(const market::Caps& caps, const std::vector<int32_t>& floors, std::vector<Fault>& faults);

// Adds a fault where floors contradict limits or posts, regardless of who is available. The sets must have no other
// fault. `caps` has all of its arrays, or no sets.
void CheckFloors(const market::Caps& caps, const std::vector<int32_t>& floors, const std::vector<int32_t>& posts,
                 std::vector<Fault>& faults);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_SETS_H_
