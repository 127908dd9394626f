#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VISIT_SUPPLY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VISIT_SUPPLY_H_

#include <cstdint>
#include <vector>

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/jp/fiscal_year.h"
#include "common/jp/period.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"

namespace tsunagu::matching::rules {

// Visits at the same time in each half-day that it gives.
int32_t AtOnce(const v1::VisitSupply& supply);

// Visits of all contracts of a supply in a fiscal year. On each day of a half-day those count that have it in school,
// or those that have it in the holidays, whichever are more: nobody has said which weeks are holidays, and it is one or
// the other. More there are not.
int64_t VisitsIn(jp::FiscalYear year, const std::vector<v1::VisitContract>& contracts);

// Adds what a supply says that does not hang together: no half-days (HALF_DAYS_MISSING), one twice (HALF_DAY_REPEATED).
void CheckVisitSupply(const v1::VisitSupply& supply, Faults& faults);

// Adds what keeps a contract from using the supply beside `others`, which use it and hold their half-days:
// SUPPLY_UNFIT, SUPPLY_HALF_DAY_NOT_GIVEN, SUPPLY_HALF_DAY_HELD, SUPPLY_WEEK_FULL, SUPPLY_YEAR_FULL.
void CheckUse(const v1::VisitContract& contract, const std::vector<v1::VisitContract>& others,
              const v1::VisitSupply& supply, Faults& faults);

// Adds, with the same words at the fields of the supply, what `contracts` use of it from `today` on and it would not
// give any more.
void CheckGivesWhatIsUsed(const v1::VisitSupply& supply, const std::vector<v1::VisitContract>& contracts,
                          jp::CivilDay today, Faults& faults);

// What contracts leave of the supply on `days`: whatever a round gives of it can be agreed on from any of them until
// the last, or until the supply ends. Where everything that it gives fits what a year leaves, a half-day of school and
// the same one of the holidays count once against it, else each for itself. Without half-days where nothing is left;
// then without visits at all (all_visit_count) where it is a year that leaves fewer than one a week.
v1::SnapshotSupply LeftOf(const v1::VisitSupply& supply, const std::vector<v1::VisitContract>& contracts,
                          const jp::Period& days);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VISIT_SUPPLY_H_
