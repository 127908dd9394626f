#ifndef TSUNAGU_SERVICES_MATCHING_RULES_CARE_NEED_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_CARE_NEED_H_

#include "common/base/error.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::matching::rules {

// Nurses for the children of one half-day: one for three with a score of 3 to 15, for two of 16 to 31, for each of 32
// and more (令和3年度報酬改定). Rounded up once for all of them, not for each child.
int NursesFor(const v1::Opening::CareNeed& need);

// Adds what is wrong with the care needs of an opening; warns where it has fewer posts than they take.
void CheckCareNeeds(const v1::Opening& opening, Faults& faults);

// Fills in what follows from them: needed_skills, in the order of their numbers, and needed_nurse_count.
void DeriveCareNeeds(v1::Opening& opening);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_CARE_NEED_H_
