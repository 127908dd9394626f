#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VISIT_CONTRACT_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VISIT_CONTRACT_H_

#include <vector>

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/jp/period.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"

namespace tsunagu::matching::rules {

// Whether a contract holds its half-days: it is agreed, and neither proposed nor declined.
bool Holds(const v1::VisitContract& contract);

// Whether a contract holds its half-days today or later, or may still be accepted.
bool GoesOn(const v1::VisitContract& contract, jp::CivilDay today);
// Whether `after` asks for nothing beyond what `before` has: it is as agreed as that, with the same half-days on no
// other days.
bool AsksForNoMore(const v1::VisitContract& before, const v1::VisitContract& after);

// Adds what is wrong with a contract of an opening: one that is for no visits, no half-days, those that the opening
// does not want, those that it wants together.
void CheckVisitContract(const v1::VisitContract& contract, const v1::Opening& opening, Faults& faults);

// Adds HALF_DAY_HELD for each half-day of `contract` in which `others` leave no post of the opening on one of its days.
void CheckHalfDaysFree(const v1::VisitContract& contract, const std::vector<v1::VisitContract>& others,
                       const v1::Opening& opening, Faults& faults);

// Adds what contracts hold, from `today` on, of an opening that would not offer it any more: HALF_DAY_HELD,
// POSTS_PROMISED.
void CheckOffersWhatIsHeld(const v1::Opening& opening, const std::vector<v1::VisitContract>& contracts,
                           jp::CivilDay today, Faults& faults);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VISIT_CONTRACT_H_
