#ifndef TSUNAGU_SERVICES_SUBSIDY_DUE_H_
#define TSUNAGU_SERVICES_SUBSIDY_DUE_H_

#include "absl/status/status.h"
#include "common/service/due.h"

namespace tsunagu::subsidy {

// Collects due reports of completed work, by the deadline of the rule set and the expected day of completion.
absl::Status CollectDueReports(DueRun& run);
// Collects amounts that must be returned.
absl::Status CollectDueReturns(DueRun& run);
// Collects what is committed and not paid, with 31 May after its year as the due day: grants, contracts and own work.
absl::Status CollectDuePayments(DueRun& run);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_DUE_H_
