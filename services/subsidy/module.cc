#include "services/subsidy/module.h"

#include <memory>
#include <utility>

#include "common/access/access.h"
#include "common/access/coded_places.h"
#include "common/service/service.h"
#include "services/peers/registry_places.h"
#include "services/subsidy/application.h"
#include "services/subsidy/budget.h"
#include "services/subsidy/decision.h"
#include "services/subsidy/explanation.h"
#include "services/subsidy/filing.h"
#include "services/subsidy/payment.h"
#include "services/subsidy/programme.h"
#include "services/subsidy/roles.h"
#include "services/subsidy/rule_set.h"
#include "tsunagu/subsidy/v1/reason.pb.h"

namespace tsunagu::subsidy {

void Build(Service& service, PeerFinder find_peer) {
  Reason::Declare(v1::Reason_descriptor());
  service.access().Ship(Roles());
  service.access().SetPlaces(
      std::make_unique<peers::RegistryPlaces>(std::move(find_peer), std::make_unique<access::CodedPlaces>("areas")));
  AddRuleSets(service);
  AddProgrammes(service);
  AddBudget(service);
  AddApplications(service);
  AddFilings(service);
  AddDecisions(service);
  AddPayments(service);
  AddExplanation(service);
}

}  // namespace tsunagu::subsidy
