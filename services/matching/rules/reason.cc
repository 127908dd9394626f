#include "services/matching/rules/reason.h"

#include <array>
#include <bit>
#include <cstddef>

#include "services/matching/rules/distance.h"
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

void AddNearest(const Beyond& beyond, Explanation& explanation) {
  if (beyond.minutes > 0) {
    int32_t& fewest = explanation.extra_minutes_to_nearest;
    if (fewest == 0 || beyond.minutes < fewest) fewest = beyond.minutes;
    return;
  }
  if (explanation.openings_opened_by_metres == 0 || beyond.metres < explanation.extra_metres_to_nearest) {
    explanation.extra_metres_to_nearest = beyond.metres;
    explanation.openings_opened_by_metres = 0;
  }
  if (beyond.metres == explanation.extra_metres_to_nearest) ++explanation.openings_opened_by_metres;
}

// Skips openings beyond a nurse's limit that are farther away than the nearest known one, so that most distances need
// not be computed.
class FarAway {
 public:
  explicit FarAway(const Nurse& nurse) : nurse_(nurse) {}

  bool Holds(GeoPoint place) const { return nearest_ > 0 && !box_.Holds(place); }

  // `extra`: metres from her limit to the nearest opening beyond it; 0 if none is known.
  void SetNearest(int64_t extra) {
    // If a table has minutes, they count instead; all of the longest ways count as equally long.
    const int64_t reach = nurse_.commute_limit_metres + extra;
    if (extra == nearest_ || nurse_.commute_limit_minutes > 0 || reach >= kFarthestMetres) return;
    nearest_ = extra;
    box_ = BoxAround(nurse_.home, reach);
  }

 private:
  const Nurse& nurse_;
  int64_t nearest_ = 0;
  Box box_;
};

// Returns the bit of the only missing skill if nothing else blocks her; else -1.
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
  FarAway far_away(her);
  for (const Opening& opening : instance.openings) {
    Blocker blocker = FirstBlockerAnywhere(her, opening);
    if (blocker == Blocker::kSkills) {
      if (const int skill = OnlyMissingSkill(her, opening); skill >= 0) ++opened_by_skill[skill];
    } else if (blocker == Blocker::kNone && far_away.Holds(opening.place)) {
      blocker = Blocker::kDistance;
    } else if (blocker == Blocker::kNone) {
      blocker = FirstBlocker(her, opening);
      if (blocker == Blocker::kDistance || blocker == Blocker::kTravelTime) {
        AddNearest(BeyondLimit(her, opening), explanation);
        far_away.SetNearest(explanation.extra_metres_to_nearest);
      }
    }
    ++CountOf(counts, blocker);
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
