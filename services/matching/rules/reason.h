#ifndef TSUNAGU_SERVICES_MATCHING_RULES_REASON_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_REASON_H_

#include <cstdint>

#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

enum class UnmatchedReason {
  kNoOpenings,           // no opening of the round wants anybody
  kNoEligibleOpening,    // she is eligible for none of them
  kOutrankedEverywhere,  // every opening she is eligible for is filled by nurses who go before her
};

// Why a nurse got no post, and the smallest changes that would make her eligible for more openings. "Opened" means that
// she would be eligible, not that she would get the post. Openings without posts are not counted.
struct Explanation {
  UnmatchedReason reason = UnmatchedReason::kNoOpenings;
  int32_t openings_considered = 0;        // openings with posts
  Blocker main_blocker = Blocker::kNone;  // refuses most openings; of equal ones the first in the order of rules
  int32_t openings_blocked = 0;           // by main_blocker; 0 with kNone
  int32_t openings_eligible = 0;          // openings that she could take if they were not filled
  int64_t extra_metres_to_nearest = 0;    // to the nearest opening that only her commute limit refuses; 0 if there is
                                          // none
  int32_t openings_opened_by_metres = 0;  // with exactly extra_metres_to_nearest more
  int32_t extra_minutes_to_nearest = 0;   // as extra_metres_to_nearest, for her limit in minutes
  int missing_skill = -1;                 // bit of the skill that opens most, of equal ones the lowest; -1: no skill
                                          // does
  int32_t openings_opened_by_skill = 0;
};

// For a nurse whom Solve left without a post. Looks at every opening once.
Explanation Explain(const Instance& instance, int32_t nurse);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_REASON_H_
