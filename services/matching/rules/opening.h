#ifndef TSUNAGU_SERVICES_MATCHING_RULES_OPENING_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_OPENING_H_

#include "absl/status/status.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::matching::rules {

// What it is where it is not said: an employment.
v1::OpeningKind KindOf(const v1::Opening& opening);

// Adds what is wrong with an opening by itself: fields of another kind, a dispatch to a home, half-days that are
// missing, named twice or torn apart, hours that contradict them or the minutes of a week, each time of care outside
// them.
void CheckOpening(const v1::Opening& opening, Faults& faults);

// OPENING_REFUSED or OPENING_OVER where nothing is done about it any more.
absl::Status CheckOpen(const v1::Opening& opening, jp::CivilDay today);

// Whether a round matches nurses to it. A visit is no post of one nurse, a dispatch is recorded only.
bool TakesPart(const v1::Opening& opening);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_OPENING_H_
