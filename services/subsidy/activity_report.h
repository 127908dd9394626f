#ifndef TSUNAGU_SERVICES_SUBSIDY_ACTIVITY_REPORT_H_
#define TSUNAGU_SERVICES_SUBSIDY_ACTIVITY_REPORT_H_

#include "absl/status/status.h"
#include "common/service/report.h"
#include "tsunagu/subsidy/v1/activity_report.pb.h"

namespace tsunagu::peers {
class RegistryPlaces;
}

namespace tsunagu::subsidy {

// Reports whom activities helped; the contract defines the counting rule. `places` has the areas and their names.
absl::Status ReportActivities(ReportRun& run, const v1::GetActivitiesReportRequest& request,
                              const peers::RegistryPlaces& places);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_ACTIVITY_REPORT_H_
