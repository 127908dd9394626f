#ifndef TSUNAGU_SERVICES_REGISTRY_INDICATOR_REPORT_H_
#define TSUNAGU_SERVICES_REGISTRY_INDICATOR_REPORT_H_

#include "absl/status/status.h"
#include "common/service/due.h"
#include "common/service/report.h"
#include "tsunagu/registry/v1/indicator_report.pb.h"

namespace tsunagu::registry {

// Compares targets with actual values; the contract defines the counting rule.
absl::Status ReportIndicators(ReportRun& run, const v1::GetIndicatorReportRequest& request);

// Collects targets of last fiscal year without a successor this year.
absl::Status CollectMissingTargets(DueRun& run);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_INDICATOR_REPORT_H_
