#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_CHANGE_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_CHANGE_H_

#include "absl/types/optional.h"
#include "common/jp/fiscal_year.h"
#include "services/subsidy/rules/rule_set.h"

namespace tsunagu::subsidy::rules {

// Returns whether a change from the decided to the new claim needs no approval (軽微な変更). If that cannot be computed
// exactly, it needs approval.
bool IsMinor(const v1::RuleSet::MinorChange& rule, const Evaluation& decided, const Evaluation& changed);

// Returns the day by which a report of work completed on that day is due; absent: there is no such day.
absl::optional<jp::CivilDay> ReportDueDay(const v1::RuleSet::ReportDeadline& rule, jp::FiscalYear year,
                                          jp::CivilDay completed);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_CHANGE_H_
