#ifndef TSUNAGU_SERVICES_REGISTRY_PLACEMENT_REPORT_H_
#define TSUNAGU_SERVICES_REGISTRY_PLACEMENT_REPORT_H_

#include "absl/status/status.h"
#include "common/service/due.h"
#include "common/service/report.h"
#include "tsunagu/registry/v1/placement_report.pb.h"

namespace tsunagu::registry {

// Reports the table of placements; the contract defines the counting rule.
absl::Status ReportPlacements(ReportRun& run, const v1::GetPlacementReportRequest& request);

// Collects placements that end.
absl::Status CollectEndingPlacements(DueRun& run);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_PLACEMENT_REPORT_H_
