#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_ALLOCATION_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_ALLOCATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tsunagu/subsidy/v1/planning.pb.h"

namespace tsunagu::subsidy::rules {

// One request for a part of the budget.
struct Wish {
  std::string name;      // decides if everything else is equal
  int64_t yen = 0;       // the largest amount to allocate
  int64_t weight = 0;    // number of children, for EQUAL_PER_CHILD
  int64_t priority = 0;  // 1 comes first, for PRIORITY
};

// Allocates `budget` in whole units by a published method, as much of it as the unit and the wishes permit. The result
// does not depend on the order of the wishes. Returns one line for each wish, in the order of the wishes, with its
// derivation.
std::vector<v1::Allocation::Line> Allocate(const std::vector<Wish>& wishes, int64_t budget, int64_t unit,
                                           v1::ProposeAllocationRequest::Method method);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_ALLOCATION_H_
