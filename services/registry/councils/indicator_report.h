#ifndef TSUNAGU_SERVICES_REGISTRY_INDICATOR_REPORT_H_
#define TSUNAGU_SERVICES_REGISTRY_INDICATOR_REPORT_H_

#include "absl/status/status.h"
#include "common/service/due.h"
#include "common/service/report.h"
#include "tsunagu/registry/v1/indicator_report.pb.h"

namespace tsunagu::registry {

// Targets against what is there; the counting rule stands in the contract.
absl::Status ReportIndicators(ReportRun& run, const v1::GetIndicatorReportRequest& request);

// Targets of last fiscal year that none of this year follows.
absl::Status CollectMissingTargets(DueRun& run);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_INDICATOR_REPORT_H_
