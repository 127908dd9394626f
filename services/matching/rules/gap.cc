#include "services/matching/rules/gap.h"

#include <bit>
#include <cstddef>

#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {
namespace {

// No change gives her another licence, and nobody persuades her to work at a facility that she excludes.
constexpr Blockers kLasting =
    BlockerBit(Blocker::kNoPosts) | BlockerBit(Blocker::kLicence) | BlockerBit(Blocker::kExcluded);

// Returns the half-days of the opening that she does not list; none if she lists none of that week.
uint32_t Unworked(uint32_t hers, uint32_t worked) { return hers == 0 ? 0 : worked & ~hers; }

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
      gap.half_days = {Unworked(nurse.half_days.school, opening.half_days.school),
                       Unworked(nurse.half_days.holidays, opening.half_days.holidays)};
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
    case Blocker::kTravelTime: {
      const Beyond beyond = BeyondLimit(nurse, opening);
      gap.metres = beyond.metres;
      gap.travel_minutes = beyond.minutes;
      break;
    }
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
  for (size_t i = 0; i < std::size(kFartherSteps); ++i) {
    const auto [minutes, metres] = kFartherSteps[i];
    if (gap.travel_minutes > 0 ? gap.travel_minutes <= minutes : gap.metres > 0 && gap.metres <= metres) {
      ++opened_farther[i];
    }
  }
}

}  // namespace tsunagu::matching::rules
