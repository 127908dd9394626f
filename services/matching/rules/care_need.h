#ifndef TSUNAGU_SERVICES_MATCHING_RULES_CARE_NEED_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_CARE_NEED_H_

#include "common/base/error.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::matching::rules {

// Returns how many nurses the children of one half-day need: one for three children with a score of 3 to 15, one for
// two with 16 to 31, one for each with 32 or more (令和3年度報酬改定). The sum is rounded up once, not for each child.
int NursesFor(const v1::Opening::CareNeed& need);

// Adds the faults in the care needs of an opening. Adds a warning if the opening has fewer posts than the care needs
// require.
void CheckCareNeeds(const v1::Opening& opening, Faults& faults);

// Fills the fields that follow from the care needs: needed_skills, in the order of their numbers, and
// needed_nurse_count.
void DeriveCareNeeds(v1::Opening& opening);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_CARE_NEED_H_
