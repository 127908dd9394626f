#ifndef TSUNAGU_SERVICES_MATCHING_RULES_GAP_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_GAP_H_

#include <array>
#include <cstdint>
#include <iterator>

#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// What keeps a nurse from being eligible for an opening.
struct Gap {
  Blocker blocker = Blocker::kNone;  // the first rule that refuses; kNone: she is eligible
  // True if that rule is the only one that refuses, and a change can remove it. Then exactly one of the fields below
  // holds the smallest sufficient change. For kEmployer no field is set, since the change is the employer's.
  bool near = false;
  int64_t metres = 0;          // how much farther she would have to go
  int32_t travel_minutes = 0;  // how much longer she would have to travel
  uint64_t skills = 0;         // the skills that she lacks, one bit each
  HalfDays half_days;          // the half-days on which she would have to work in addition
  int32_t minutes = 0;         // a week; kHours: how many more she would have to work; kFewHours: how many fewer she
                               // would have to want
  int32_t days = 0;            // by how many days she would have to begin sooner, or the opening later
};

Gap GapBetween(const Nurse& nurse, const Opening& opening);

// A step by which a nurse's commute limit is raised: either minutes or metres.
struct FartherStep {
  int32_t minutes = 0;
  int32_t metres = 0;
};
inline constexpr FartherStep kFartherSteps[] = {{10, 0}, {20, 0}, {30, 0}, {0, 5'000}, {0, 10'000}};

// Counts the gaps of many pairs.
struct GapCounts {
  BlockerCounts first = {};                                           // by first blocker; kNone: eligible
  BlockerCounts near = {};                                            // of these, the pairs whose Gap::near is true
  std::array<int32_t, 64> opened_by = {};                             // by skill: pairs that lack only this skill
  std::array<int32_t, std::size(kFartherSteps)> opened_farther = {};  // by step: pairs for which this step alone is
                                                                      // enough

  void Add(const Gap& gap);
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_GAP_H_
