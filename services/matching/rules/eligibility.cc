#include "services/matching/rules/eligibility.h"

namespace tsunagu::matching::rules {

Blocker FirstBlockerAnywhere(const Nurse& nurse, const Opening& opening) {
  if (opening.posts <= 0) return Blocker::kNoPosts;
  if ((nurse.licences & opening.licences) == 0) return Blocker::kLicence;
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
