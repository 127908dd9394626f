#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_ALLOCATION_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_ALLOCATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tsunagu/subsidy/v1/planning.pb.h"

namespace tsunagu::subsidy::rules {

// What somebody asks for.
struct Wish {
  std::string name;      // decides where all else is equal
  int64_t yen = 0;       // nobody gets more
  int64_t weight = 0;    // children, for EQUAL_PER_CHILD
  int64_t priority = 0;  // 1 comes first, for PRIORITY
};

// Who gets how much of `budget`, in whole units, by a published method: as much of the budget as the unit and the
// wishes let be given, whatever the order of the wishes. Answers in the order of the wishes, each with how it came
// about.
std::vector<v1::Allocation::Line> Allocate(const std::vector<Wish>& wishes, int64_t budget, int64_t unit,
                                           v1::ProposeAllocationRequest::Method method);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_ALLOCATION_H_
