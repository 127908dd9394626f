#ifndef TSUNAGU_SERVICES_MATCHING_RULES_DEFERRED_ACCEPTANCE_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_DEFERRED_ACCEPTANCE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/matching/rules/instance.h"
#include "services/matching/rules/priority.h"

namespace tsunagu::matching::rules {

struct Matching {
  std::vector<int32_t> opening_of_nurse;  // by nurse: the index of her opening, -1 where she has none
  // By opening: the key of the last nurse admitted. Empty if a post is free, or if the opening has no posts. An
  // acceptable nurse is admitted if and only if her key is not above the cut-off. The names in the keys refer to the
  // instance.
  std::vector<std::optional<PriorityKey>> cutoffs;
};

// Nurse-proposing deferred acceptance; an opening may have several posts. The result is stable. Every nurse likes it at
// least as well as any other stable result, and only one result has this property, so it does not depend on the order
// of nurses or openings.
// The result equals that of a run on the whole lists that Candidates defines, though no list is stored whole: memory
// grows with the number of proposals.
Matching Solve(const Instance& instance);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_DEFERRED_ACCEPTANCE_H_
