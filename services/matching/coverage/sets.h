#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_SETS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_SETS_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

// What is wrong with sets within one another, of nurses as of visits. The arrays fit each other.

// Adds kParentNotBefore, kNegativeLimit, kNegativeFloor.
void CheckSets(const market::Caps& caps, const std::vector<int32_t>& floors, std::vector<Fault>& faults);

// Adds where floors contradict limits or posts by themselves, whoever there is to come. Nothing else is wrong with
// them. `caps` has all of its arrays, or no set.
void CheckFloors(const market::Caps& caps, const std::vector<int32_t>& floors, const std::vector<int32_t>& posts,
                 std::vector<Fault>& faults);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_SETS_H_
