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

// Returns how many visits the supply can do at the same time in each of its half-days.
int32_t AtOnce(const v1::VisitSupply& supply);

// Returns the number of visits of all contracts of a supply in a fiscal year. No data states which weeks are holidays.
// So for each day of a half-day the function counts either the contracts for school weeks or those for holidays,
// whichever are more. The result is an upper limit.
int64_t VisitsIn(jp::FiscalYear year, const std::vector<v1::VisitContract>& contracts);

// Adds the contradictions in a supply: no half-days (HALF_DAYS_MISSING), a repeated half-day (HALF_DAY_REPEATED).
void CheckVisitSupply(const v1::VisitSupply& supply, Faults& faults);

// Adds the reasons why a contract cannot use the supply beside `others`, which use it and hold their half-days:
// SUPPLY_UNFIT, SUPPLY_HALF_DAY_NOT_GIVEN, SUPPLY_HALF_DAY_HELD, SUPPLY_WEEK_FULL, SUPPLY_YEAR_FULL.
void CheckUse(const v1::VisitContract& contract, const std::vector<v1::VisitContract>& others,
              const v1::VisitSupply& supply, Faults& faults);

// Adds, with the same reasons but at the fields of the supply, the uses by `contracts` from `today` on that the changed
// supply no longer covers.
void CheckGivesWhatIsUsed(const v1::VisitSupply& supply, const std::vector<v1::VisitContract>& contracts,
                          jp::CivilDay today, Faults& faults);

// Returns what contracts leave of the supply on `days`: a round may assign any of it, and a contract from any of these
// days until the last one, or until the supply ends, then fits. If everything that the supply gives fits into what a
// year leaves, a half-day of school weeks and the same one of holiday weeks count once against the year, else each of
// them counts. If nothing is left, the result has no half-days; if the year leaves fewer than one visit a week, it has
// no visits either (all_visit_count).
v1::SnapshotSupply LeftOf(const v1::VisitSupply& supply, const std::vector<v1::VisitContract>& contracts,
                          const jp::Period& days);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VISIT_SUPPLY_H_
