#ifndef TSUNAGU_SERVICES_REGISTRY_COUNCIL_REPORT_H_
#define TSUNAGU_SERVICES_REGISTRY_COUNCIL_REPORT_H_

#include "absl/status/status.h"
#include "common/service/due.h"
#include "common/service/report.h"
#include "tsunagu/registry/v1/council_report.pb.h"

namespace tsunagu::registry {

// Reports the table of councils; the contract defines the counting rule.
absl::Status ReportCouncils(ReportRun& run, const v1::GetCouncilReportRequest& request);

// Collects the councils that have not met in this fiscal year and have no planned meeting in it.
absl::Status CollectIdleCouncils(DueRun& run);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_COUNCIL_REPORT_H_
