#include "services/matching/rules/eligibility.h"

#include <algorithm>

#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {
namespace {

constexpr uint32_t kNurse = LicenceBit(registry::v1::LICENCE_NURSE);
constexpr uint32_t kAssistant = LicenceBit(registry::v1::LICENCE_ASSISTANT_NURSE);
// These licences permit the work of a 看護師 (保健師助産師看護師法 31条2項).
constexpr uint32_t kAsNurses =
    LicenceBit(registry::v1::LICENCE_PUBLIC_HEALTH_NURSE) | LicenceBit(registry::v1::LICENCE_MIDWIFE);

// Returns the licences with which the law permits the work: for a 看護師 or 准看護師 all four, a 准看護師 on
// instruction. The employer excludes those that it does not accept.
uint32_t Lawful(const Opening& opening) {
  const bool nursing = (opening.licences & (kNurse | kAssistant)) != 0 && !opening.law_unknown;
  return nursing ? opening.licences | kNurse | kAssistant | kAsNurses : opening.licences;
}

uint32_t Accepted(const Opening& opening) {
  const bool as_nurses = (opening.licences & kNurse) != 0 && !opening.named_licences_only;
  return as_nurses ? opening.licences | kAsNurses : opening.licences;
}

// Returns whether she works on each half-day of the opening. A nurse without half-days works on any.
bool Covers(uint32_t hers, uint32_t worked) { return hers == 0 || (worked & ~hers) == 0; }

bool Covers(const HalfDays& hers, const HalfDays& worked) {
  return Covers(hers.school, worked.school) && Covers(hers.holidays, worked.holidays);
}

Blocker LicenceBlocker(const Nurse& nurse, const Opening& opening) {
  if ((nurse.licences & Accepted(opening)) != 0) return Blocker::kNone;
  return (nurse.licences & Lawful(opening)) == 0 ? Blocker::kLicence : Blocker::kEmployer;
}

bool Wants(const Nurse& nurse, int32_t facility) {
  return !std::binary_search(nurse.unwanted.begin(), nurse.unwanted.end(), facility);
}

// Returns whether an opening for which she is eligible is on her list.
bool IsListed(const Nurse& nurse, const Opening& opening) {
  if (nurse.cut == nullptr) return true;
  const Cut& cut = *nurse.cut;
  if (std::binary_search(cut.wished.begin(), cut.wished.end(), opening.facility)) return true;
  const int64_t metres = WayMetres(nurse, opening);
  return metres != cut.metres ? metres < cut.metres : opening.name <= cut.name;
}

// Calls `goes_on` for each rule that refuses the pair, in their order, until it returns false. Includes all rules but
// the commute limits.
template <typename GoesOn>
void Ask(const Nurse& nurse, const Opening& opening, const GoesOn& goes_on) {
  if (opening.posts <= 0 && !goes_on(Blocker::kNoPosts)) return;
  const Blocker licence = LicenceBlocker(nurse, opening);
  if (licence != Blocker::kNone && !goes_on(licence)) return;
  if ((opening.required_skills & ~nurse.skills) != 0 && !goes_on(Blocker::kSkills)) return;
  if (!Covers(nurse.half_days, opening.half_days) && !goes_on(Blocker::kHalfDays)) return;
  if (opening.weekly_minutes > nurse.weekly_minutes && !goes_on(Blocker::kHours)) return;
  if (opening.max_weekly_minutes < nurse.min_weekly_minutes && !goes_on(Blocker::kFewHours)) return;
  if (opening.start < nurse.available_from && !goes_on(Blocker::kStart)) return;
  if (!Wants(nurse, opening.facility)) goes_on(Blocker::kExcluded);
}

}  // namespace

Blocker FirstBlockerAnywhere(const Nurse& nurse, const Opening& opening) {
  Blocker first = Blocker::kNone;
  Ask(nurse, opening, [&first](Blocker blocker) {
    first = blocker;
    return false;
  });
  return first;
}

Blocker FirstBlocker(const Nurse& nurse, const Opening& opening) {
  const Blocker blocker = FirstBlockerAnywhere(nurse, opening);
  if (blocker != Blocker::kNone) return blocker;
  const Blocker commute = CommuteBlocker(nurse, opening);
  if (commute != Blocker::kNone) return commute;
  return IsListed(nurse, opening) ? Blocker::kNone : Blocker::kNotListed;
}

Blocker CommuteBlocker(const Nurse& nurse, const Opening& opening) {
  const Beyond beyond = BeyondLimit(nurse, opening);
  if (beyond.minutes > 0) return Blocker::kTravelTime;
  return beyond.metres > 0 ? Blocker::kDistance : Blocker::kNone;
}

Blockers AllBlockers(const Nurse& nurse, const Opening& opening) {
  Blockers all = 0;
  Ask(nurse, opening, [&all](Blocker blocker) {
    all |= BlockerBit(blocker);
    return true;
  });
  const Blocker commute = CommuteBlocker(nurse, opening);
  return commute == Blocker::kNone ? all : all | BlockerBit(commute);
}

}  // namespace tsunagu::matching::rules
