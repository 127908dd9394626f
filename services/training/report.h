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

// Reports what was taught and learned; the contract defines the counting rule. `places` has the names of bodies.
absl::Status ReportTraining(ReportRun& run, const v1::GetTrainingReportRequest& request,
                            const peers::RegistryPlaces& places);

// Collects certificates that expire.
absl::Status CollectExpiringCertificates(DueRun& run);
// Collects learners who can no longer complete their present course, from today on.
absl::Status CollectOutOfReach(DueRun& run);
// Collects courses whose nomination period ends.
absl::Status CollectClosingNominations(DueRun& run);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_REPORT_H_
