#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VISIT_CONTRACT_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VISIT_CONTRACT_H_

#include <vector>

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/jp/period.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"

namespace tsunagu::matching::rules {

// Returns whether a contract holds its half-days: it is agreed, not proposed or declined.
bool Holds(const v1::VisitContract& contract);

// Returns whether a contract holds its half-days today or later, or may still be accepted.
bool GoesOn(const v1::VisitContract& contract, jp::CivilDay today);
// Returns whether `after` claims nothing beyond `before`: the same state of agreement, the same half-days, and no
// additional days.
bool AsksForNoMore(const v1::VisitContract& before, const v1::VisitContract& after);

// Adds the faults in a contract of an opening: the opening is not for visits, no half-days, half-days that the opening
// does not want, only a part of the half-days that it wants together.
void CheckVisitContract(const v1::VisitContract& contract, const v1::Opening& opening, Faults& faults);

// Adds HALF_DAY_HELD for each half-day of `contract` for which `others` leave no free post of the opening on some day
// of the contract.
void CheckHalfDaysFree(const v1::VisitContract& contract, const std::vector<v1::VisitContract>& others,
                       const v1::Opening& opening, Faults& faults);

// Adds HALF_DAY_HELD and POSTS_PROMISED for half-days and posts that contracts hold from `today` on, and that the
// changed opening no longer offers.
void CheckOffersWhatIsHeld(const v1::Opening& opening, const std::vector<v1::VisitContract>& contracts,
                           jp::CivilDay today, Faults& faults);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VISIT_CONTRACT_H_
