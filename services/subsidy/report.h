#ifndef TSUNAGU_SERVICES_SUBSIDY_REPORT_H_
#define TSUNAGU_SERVICES_SUBSIDY_REPORT_H_

#include "absl/status/status.h"
#include "common/service/report.h"
#include "tsunagu/subsidy/v1/subsidy_report.pb.h"

namespace tsunagu::peers {
class RegistryPlaces;
}

namespace tsunagu::subsidy {

// Reports what was allotted, granted and paid; the contract defines the counting rule. `places` has the names of
// bodies.
absl::Status ReportSubsidies(ReportRun& run, const v1::GetSubsidyReportRequest& request,
                             const peers::RegistryPlaces& places);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_REPORT_H_
