#include "services/matching/rules/farther.h"

#include <cstddef>

#include "services/matching/rules/account.h"
#include "services/matching/rules/distance.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {
namespace {

bool IsFew(int32_t nurses, int32_t least_count) { return nurses > 0 && nurses < least_count; }

// The counts of one nurse: each is 0 or 1.
FartherWays HersOf(const Nurse& nurse, const Instance& instance) {
  FartherWays hers;
  const bool by_metres = GoesByMetres(nurse);
  const Box near = BoxAround(nurse.home, int64_t{nurse.commute_limit_metres} + kFurtherMetres);
  for (const Opening& opening : instance.openings) {
    if (by_metres && hers.metres.kept > 0) {  // she is counted, and what is farther than the step brings her nothing
      if (hers.metres.brought > 0) break;
      if (!near.Holds(opening.place)) continue;
    }
    const Blocker blocker = FirstBlocker(nurse, opening);
    if (blocker != Blocker::kDistance && blocker != Blocker::kTravelTime) continue;
    const Beyond beyond = BeyondLimit(nurse, opening);
    Farther& unit = blocker == Blocker::kDistance ? hers.metres : hers.minutes;
    unit.kept = 1;
    if (beyond.metres <= kFurtherMetres && beyond.minutes <= kFurtherMinutes) unit.brought = 1;
  }
  return hers;
}

void Add(const Farther& hers, Farther& all) {
  all.kept += hers.kept;
  all.brought += hers.brought;
}

}  // namespace

bool FartherWays::TellsMetres(int32_t least_count) const {
  const bool only_minutes = metres.kept == 0 && minutes.kept > 0;
  return !only_minutes && !IsFew(metres.brought, least_count);
}

bool FartherWays::TellsMinutes(int32_t least_count) const {
  return minutes.kept > 0 && !IsFew(minutes.brought, least_count);
}

FartherWays FartherWaysOf(const Instance& instance, absl::Span<const int32_t> opening_of_nurse) {
  FartherWays all;
  for (size_t i = 0; i < instance.nurses.size(); ++i) {
    if (opening_of_nurse[i] >= 0) continue;
    const FartherWays hers = HersOf(instance.nurses[i], instance);
    Add(hers.metres, all.metres);
    Add(hers.minutes, all.minutes);
  }
  return all;
}

}  // namespace tsunagu::matching::rules
