#include "services/subsidy/module.h"

#include <memory>
#include <utility>

#include "common/access/access.h"
#include "common/access/coded_places.h"
#include "common/service/service.h"
#include "services/peers/registry_places.h"
#include "services/subsidy/activity_report.h"
#include "services/subsidy/application.h"
#include "services/subsidy/approval.h"
#include "services/subsidy/budget.h"
#include "services/subsidy/catalogue.h"
#include "services/subsidy/commitment.h"
#include "services/subsidy/decision.h"
#include "services/subsidy/due.h"
#include "services/subsidy/explanation.h"
#include "services/subsidy/filing.h"
#include "services/subsidy/forwarding.h"
#include "services/subsidy/payment.h"
#include "services/subsidy/payment_batch.h"
#include "services/subsidy/planning.h"
#include "services/subsidy/programme.h"
#include "services/subsidy/report.h"
#include "services/subsidy/roles.h"
#include "services/subsidy/rule_set.h"
#include "services/subsidy/usage.h"
#include "tsunagu/subsidy/v1/reason.pb.h"

namespace tsunagu::subsidy {

void Build(Service& service, PeerFinder find_peer) {
  Reason::Declare(v1::Reason_descriptor());
  service.access().Ship(Roles());
  auto loaded =
      std::make_unique<peers::RegistryPlaces>(std::move(find_peer), std::make_unique<access::CodedPlaces>("areas"));
  const peers::RegistryPlaces& places = *loaded;
  service.access().SetPlaces(std::move(loaded));
  AddRuleSets(service);
  AddProgrammes(service);
  AddBudget(service);
  AddApplications(service);
  AddFilings(service);
  AddDecisions(service);
  AddCommitments(service);
  AddApproval(service);
  AddForwardings(service);
  AddPayments(service);
  AddPaymentBatches(service);
  AddCatalogue(service);
  AddExplanation(service);
  AddPlanning(service);
  AddActivitySchemes(service);
  AddUsageGrants(service);
  AddServiceRecords(service);
  AddUsageClaims(service);
  BindReport<v1::GetSubsidyReportRequest>(
      service, "tsunagu.subsidy.v1.SubsidyReportService/GetSubsidyReport",
      [&places](ReportRun& run, const auto& request) { return ReportSubsidies(run, request, places); });
  BindReport<v1::GetActivitiesReportRequest>(
      service, "tsunagu.subsidy.v1.ActivitiesReportService/GetActivitiesReport",
      [&places](ReportRun& run, const auto& request) { return ReportActivities(run, request, places); });
  service.AddDue({"applications.read", CollectDueReports});
  service.AddDue({"decisions.read", CollectDueReturns});
  service.AddDue({"usageGrants.read", CollectDueRenewals});
  service.AddDue({"budgetLines.read", CollectDuePayments});
}

}  // namespace tsunagu::subsidy
