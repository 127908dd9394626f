#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_CHANGE_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_CHANGE_H_

#include "absl/types/optional.h"
#include "common/jp/fiscal_year.h"
#include "services/subsidy/rules/rule_set.h"

namespace tsunagu::subsidy::rules {

// Whether a change needs no approval (軽微な変更): from what was decided to what will be. Where that cannot be worked
// out exactly, it does.
bool IsMinor(const v1::RuleSet::MinorChange& rule, const Evaluation& decided, const Evaluation& changed);

// By when a report of what was completed on that day is due; absent: there is no such day.
absl::optional<jp::CivilDay> ReportDueDay(const v1::RuleSet::ReportDeadline& rule, jp::FiscalYear year,
                                          jp::CivilDay completed);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_CHANGE_H_
