#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_RETURN_CHARGE_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_RETURN_CHARGE_H_

#include <cstdint>
#include <vector>

#include "common/jp/civil_day.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::subsidy::rules {

// Money that was received on a day.
struct Receipt {
  jp::CivilDay day;
  int64_t yen;
};

// Returns the charge from the day of receipt (加算金) if `yen` of `receipts`, oldest first, are returned on `day`,
// after `returned` were returned before. In whole yen, rounded down.
int64_t AddedCharge(const v1::RuleSet::ReturnCharge& rule, const std::vector<Receipt>& receipts, int64_t returned,
                    int64_t yen, jp::CivilDay day);

// Returns the charge if `yen` that were due on `due` are paid on `day` (延滞金).
int64_t LateCharge(const v1::RuleSet::ReturnCharge& rule, int64_t yen, jp::CivilDay due, jp::CivilDay day);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_RETURN_CHARGE_H_
