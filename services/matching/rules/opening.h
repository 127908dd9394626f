#ifndef TSUNAGU_SERVICES_MATCHING_RULES_OPENING_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_OPENING_H_

#include "absl/status/status.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::matching::rules {

// Returns the kind of the opening; an employment if the kind is unspecified.
v1::OpeningKind KindOf(const v1::Opening& opening);

// Adds the faults in an opening by itself: fields of another kind; a dispatch to a home; half-days that are missing,
// repeated, or torn out of the groups that belong together; hours that contradict the half-days or the weekly minutes;
// times of care outside the hours.
void CheckOpening(const v1::Opening& opening, Faults& faults);

// Errors: OPENING_REFUSED or OPENING_OVER if the opening is refused or its time is over.
absl::Status CheckOpen(const v1::Opening& opening, jp::CivilDay today);

// Returns whether a round matches nurses to the opening. A visit is no post of one nurse, and a dispatch is only
// recorded.
bool TakesPart(const v1::Opening& opening);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_OPENING_H_
