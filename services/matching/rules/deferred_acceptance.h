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
  // By opening: the key of the last nurse admitted. None while a post is free, and where there is no post at all.
  // An acceptable nurse gets in exactly where her key is not above it. The names in it refer to the instance.
  std::vector<std::optional<PriorityKey>> cutoffs;
};

// Nurse-proposing deferred acceptance with several posts an opening. The result is stable, the best of all stable ones
// for every nurse, and the only such: it does not depend on the order of nurses or openings.
// Equal to the run on the whole lists that Candidates defines, though no list is held in full: memory grows with the
// proposals that are made.
Matching Solve(const Instance& instance);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_DEFERRED_ACCEPTANCE_H_
