#ifndef TSUNAGU_SERVICES_TRAINING_REPORT_H_
#define TSUNAGU_SERVICES_TRAINING_REPORT_H_

#include "absl/status/status.h"
#include "common/service/due.h"
#include "common/service/report.h"
#include "tsunagu/training/v1/training_report.pb.h"

namespace tsunagu::peers {
class RegistryPlaces;
}

namespace tsunagu::training {

// What was taught and learned; its counting rule stands in the contract. `places` tells what bodies are called.
absl::Status ReportTraining(ReportRun& run, const v1::GetTrainingReportRequest& request,
                            const peers::RegistryPlaces& places);

// Certificates that expire.
absl::Status CollectExpiringCertificates(DueRun& run);
// Courses for which the days of nomination end.
// Who can no more complete the course that goes on, from today on.
absl::Status CollectOutOfReach(DueRun& run);
absl::Status CollectClosingNominations(DueRun& run);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_REPORT_H_
