#ifndef TSUNAGU_SERVICES_REGISTRY_COUNCIL_REPORT_H_
#define TSUNAGU_SERVICES_REGISTRY_COUNCIL_REPORT_H_

#include "absl/status/status.h"
#include "common/service/due.h"
#include "common/service/report.h"
#include "tsunagu/registry/v1/council_report.pb.h"

namespace tsunagu::registry {

// The table of councils; its counting rule stands in the contract.
absl::Status ReportCouncils(ReportRun& run, const v1::GetCouncilReportRequest& request);

// Councils that have not met in this fiscal year, and will not as far as is known.
absl::Status CollectIdleCouncils(DueRun& run);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_COUNCIL_REPORT_H_
