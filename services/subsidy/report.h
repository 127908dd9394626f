#ifndef TSUNAGU_SERVICES_SUBSIDY_REPORT_H_
#define TSUNAGU_SERVICES_SUBSIDY_REPORT_H_

#include "absl/status/status.h"
#include "common/service/due.h"
#include "common/service/report.h"
#include "tsunagu/subsidy/v1/subsidy_report.pb.h"

namespace tsunagu::peers {
class RegistryPlaces;
}

namespace tsunagu::subsidy {

// What was allotted, granted and paid; its counting rule stands in the contract. `places` tells what bodies are called.
absl::Status ReportSubsidies(ReportRun& run, const v1::GetSubsidyReportRequest& request,
                             const peers::RegistryPlaces& places);

// Reports of what was done, by the deadline of the rule set and the day on which it will be completed.
absl::Status CollectDueReports(DueRun& run);
// What has to be given back.
absl::Status CollectDueReturns(DueRun& run);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_REPORT_H_
