#include "services/matching/rules/reason.h"

#include <array>
#include <bit>
#include <cstddef>

#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {
namespace {

void SetReason(const BlockerCounts& counts, Explanation& explanation) {
  const int32_t eligible = CountOf(counts, Blocker::kNone);
  explanation.openings_eligible = eligible;
  explanation.openings_considered = eligible;
  for (const Blocker blocker : kBlockersInOrder) {
    const int32_t count = CountOf(counts, blocker);
    explanation.openings_considered += count;
    if (count <= explanation.openings_blocked) continue;
    explanation.main_blocker = blocker;
    explanation.openings_blocked = count;
  }
  if (explanation.openings_considered == 0) return;
  explanation.reason = eligible == 0 ? UnmatchedReason::kNoEligibleOpening : UnmatchedReason::kOutrankedEverywhere;
}

void AddNearest(const Nurse& nurse, const Opening& opening, Explanation& explanation) {
  const auto [extra, minutes] = BeyondLimit(nurse, opening);
  if (minutes > 0) {
    int32_t& fewest = explanation.extra_minutes_to_nearest;
    if (fewest == 0 || minutes < fewest) fewest = minutes;
    return;
  }
  if (explanation.openings_opened_by_metres == 0 || extra < explanation.extra_metres_to_nearest) {
    explanation.extra_metres_to_nearest = extra;
    explanation.openings_opened_by_metres = 0;
  }
  if (extra == explanation.extra_metres_to_nearest) ++explanation.openings_opened_by_metres;
}

// The bit of the only thing that keeps her out, where that is one skill; else -1.
int OnlyMissingSkill(const Nurse& nurse, const Opening& opening) {
  const uint64_t missing = opening.required_skills & ~nurse.skills;
  if (!std::has_single_bit(missing)) return -1;
  return AllBlockers(nurse, opening) == BlockerBit(Blocker::kSkills) ? std::countr_zero(missing) : -1;
}

}  // namespace

Explanation Explain(const Instance& instance, int32_t nurse) {
  const Nurse& her = instance.nurses[nurse];
  Explanation explanation;
  BlockerCounts counts = {};
  std::array<int32_t, 64> opened_by_skill = {};
  for (const Opening& opening : instance.openings) {
    const Blocker blocker = FirstBlocker(her, opening);
    ++CountOf(counts, blocker);
    if (blocker == Blocker::kDistance || blocker == Blocker::kTravelTime) AddNearest(her, opening, explanation);
    if (blocker != Blocker::kSkills) continue;
    if (const int skill = OnlyMissingSkill(her, opening); skill >= 0) ++opened_by_skill[skill];
  }
  SetReason(counts, explanation);
  for (int skill = 0; skill < 64; ++skill) {
    if (opened_by_skill[skill] <= explanation.openings_opened_by_skill) continue;
    explanation.missing_skill = skill;
    explanation.openings_opened_by_skill = opened_by_skill[skill];
  }
  return explanation;
}

}  // namespace tsunagu::matching::rules
