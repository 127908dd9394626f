#ifndef TSUNAGU_SERVICES_MATCHING_RULES_GAP_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_GAP_H_

#include <array>
#include <cstdint>
#include <iterator>

#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// What stands between a nurse and an opening.
struct Gap {
  Blocker blocker = Blocker::kNone;  // the first that refuses; kNone: she is eligible
  // Whether it is the only one, and one that a change closes. Then exactly one of these says the smallest that does;
  // for kEmployer none has to, since the employer closes it.
  bool near = false;
  int64_t metres = 0;          // that she would have to go farther
  int32_t travel_minutes = 0;  // that she would have to travel longer
  uint64_t skills = 0;         // that she would have to learn, one bit each
  HalfDays half_days;          // on which she would have to work as well
  int32_t minutes = 0;         // a week: for kHours more that she would work, for kFewHours fewer that she would want
  int32_t days = 0;            // that she would begin sooner, or the opening later
};

Gap GapBetween(const Nurse& nurse, const Opening& opening);

// How much farther somebody might go, step by step.
struct FartherStep {
  int32_t minutes = 0;  // or
  int32_t metres = 0;
};
inline constexpr FartherStep kFartherSteps[] = {{10, 0}, {20, 0}, {30, 0}, {0, 5'000}, {0, 10'000}};

// The gaps of many pairs.
struct GapCounts {
  BlockerCounts first = {};                // by the first blocker; kNone: eligible
  BlockerCounts near = {};                 // of these, where it is the only one and can be closed
  std::array<int32_t, 64> opened_by = {};  // by skill: where it alone is missing
  std::array<int32_t, std::size(kFartherSteps)> opened_farther = {};  // by step: where it alone would do

  void Add(const Gap& gap);
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_GAP_H_
