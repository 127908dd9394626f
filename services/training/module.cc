#include "services/training/module.h"

#include <memory>
#include <utility>

#include "common/access/access.h"
#include "common/access/coded_places.h"
#include "common/service/service.h"
#include "services/peers/registry_places.h"
#include "services/training/certificate.h"
#include "services/training/course.h"
#include "services/training/enrollment.h"
#include "services/training/facts.h"
#include "services/training/issue_certificates.h"
#include "services/training/permit.h"
#include "services/training/print_certificates.h"
#include "services/training/replace_certificates.h"
#include "services/training/report.h"
#include "services/training/roles.h"
#include "services/training/roster.h"
#include "services/training/sign_in_sheet.h"
#include "services/training/signing_key.h"
#include "services/training/verification.h"
#include "tsunagu/training/v1/reason.pb.h"

namespace tsunagu::training {

void Build(Service& service, PeerFinder find_peer) {
  Reason::Declare(v1::Reason_descriptor());
  service.access().Ship(Roles());
  auto loaded =
      std::make_unique<peers::RegistryPlaces>(std::move(find_peer), std::make_unique<access::CodedPlaces>("areas"));
  const peers::RegistryPlaces& places = *loaded;
  service.access().SetPlaces(std::move(loaded));
  AddCourses(service);
  AddEnrollments(service);
  AddFacts(service);
  AddSigningKeys(service);
  AddCertificates(service);
  AddVerification(service);
  AddIssuing(service);
  AddReplacing(service);
  AddPrinting(service);
  AddSignInSheets(service);
  AddPermits(service);
  AddRoster(service, places);
  BindReport<v1::GetTrainingReportRequest>(
      service, "tsunagu.training.v1.TrainingReportService/GetTrainingReport",
      [&places](ReportRun& run, const auto& request) { return ReportTraining(run, request, places); });
  service.AddDue({"certificates.read", CollectExpiringCertificates});
  service.AddDue({"courses.read", CollectClosingNominations});
  service.AddDue({"enrollments.read", CollectOutOfReach});
}

}  // namespace tsunagu::training
