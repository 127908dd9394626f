#ifndef TSUNAGU_SERVICES_SUBSIDY_DUE_H_
#define TSUNAGU_SERVICES_SUBSIDY_DUE_H_

#include "absl/status/status.h"
#include "common/service/due.h"

namespace tsunagu::subsidy {

// Reports of what was done, by the deadline of the rule set and the day on which it will be completed.
absl::Status CollectDueReports(DueRun& run);
// What has to be given back.
absl::Status CollectDueReturns(DueRun& run);
// What is committed and not paid, by 31 May after its year: of grants, of contracts and of own work.
absl::Status CollectDuePayments(DueRun& run);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_DUE_H_
