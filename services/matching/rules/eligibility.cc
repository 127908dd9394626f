#include "services/matching/rules/eligibility.h"

namespace tsunagu::matching::rules {
namespace {

constexpr uint32_t kNurse = LicenceBit(registry::v1::LICENCE_NURSE);
constexpr uint32_t kAssistant = LicenceBit(registry::v1::LICENCE_ASSISTANT_NURSE);
// They may do the work of a 看護師 (保健師助産師看護師法 31条2項).
constexpr uint32_t kAsNurses =
    LicenceBit(registry::v1::LICENCE_PUBLIC_HEALTH_NURSE) | LicenceBit(registry::v1::LICENCE_MIDWIFE);

// Whom the law lets do the work: that of a 看護師 or 准看護師 all four, a 准看護師 on instruction. Whoever of them is not
// accepted is kept out by the employer.
uint32_t Lawful(const Opening& opening) {
  const bool nursing = (opening.licences & (kNurse | kAssistant)) != 0;
  return nursing ? opening.licences | kNurse | kAssistant | kAsNurses : opening.licences;
}

uint32_t Accepted(const Opening& opening) {
  const bool as_nurses = (opening.licences & kNurse) != 0 && !opening.named_licences_only;
  return as_nurses ? opening.licences | kAsNurses : opening.licences;
}

}  // namespace

Blocker FirstBlockerAnywhere(const Nurse& nurse, const Opening& opening) {
  if (opening.posts <= 0) return Blocker::kNoPosts;
  if ((nurse.licences & Accepted(opening)) == 0) {
    return (nurse.licences & Lawful(opening)) == 0 ? Blocker::kLicence : Blocker::kEmployer;
  }
  if ((opening.required_skills & ~nurse.skills) != 0) return Blocker::kSkills;
  if (opening.weekly_minutes > nurse.weekly_minutes) return Blocker::kHours;
  return Blocker::kNone;
}

Blocker FirstBlocker(const Nurse& nurse, const Opening& opening) {
  const Blocker blocker = FirstBlockerAnywhere(nurse, opening);
  if (blocker != Blocker::kNone) return blocker;
  const bool near = DistanceMetres(nurse.home, opening.place) <= nurse.commute_limit_metres;
  return near ? Blocker::kNone : Blocker::kDistance;
}

}  // namespace tsunagu::matching::rules
