#include "services/matching/rules/gap.h"

#include <bit>

namespace tsunagu::matching::rules {
namespace {

// No change makes another licence of hers, and nobody talks her into a facility that she does not want.
constexpr Blockers kLasting = BlockerBit(Blocker::kNoPosts) | BlockerBit(Blocker::kLicence) | BlockerBit(Blocker::kExcluded);

// Those worked that she does not say; none where she says none of that week.
uint32_t Beyond(uint32_t hers, uint32_t worked) { return hers == 0 ? 0 : worked & ~hers; }

}  // namespace

Gap GapBetween(const Nurse& nurse, const Opening& opening) {
  Gap gap;
  const Blockers all = AllBlockers(nurse, opening);
  if (all == 0) return gap;
  gap.blocker = static_cast<Blocker>(std::countr_zero(all));
  gap.near = std::has_single_bit(all) && (all & kLasting) == 0;
  if (!gap.near) return gap;
  switch (gap.blocker) {
    case Blocker::kSkills:
      gap.skills = opening.required_skills & ~nurse.skills;
      break;
    case Blocker::kHalfDays:
      gap.half_days = {Beyond(nurse.half_days.school, opening.half_days.school),
                       Beyond(nurse.half_days.holidays, opening.half_days.holidays)};
      break;
    case Blocker::kHours:
      gap.minutes = opening.weekly_minutes - nurse.weekly_minutes;
      break;
    case Blocker::kFewHours:
      gap.minutes = nurse.min_weekly_minutes - opening.max_weekly_minutes;
      break;
    case Blocker::kStart:
      gap.days = static_cast<int32_t>(nurse.available_from - opening.start);
      break;
    case Blocker::kDistance:
      gap.metres = DistanceMetres(nurse.home, opening.place) - nurse.commute_limit_metres;
      break;
    default:
      break;
  }
  return gap;
}

void GapCounts::Add(const Gap& gap) {
  ++CountOf(first, gap.blocker);
  if (!gap.near) return;
  ++CountOf(near, gap.blocker);
  if (std::has_single_bit(gap.skills)) ++opened_by[std::countr_zero(gap.skills)];
}

}  // namespace tsunagu::matching::rules
