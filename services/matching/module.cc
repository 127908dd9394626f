#include "services/matching/module.h"

#include <memory>
#include <utility>

#include "common/access/access.h"
#include "common/access/coded_places.h"
#include "common/service/service.h"
#include "services/matching/events/round_events.h"
#include "services/matching/events/visit_events.h"
#include "services/matching/mediation/commute_rules.h"
#include "services/matching/mediation/handover.h"
#include "services/matching/mediation/legal_bases.h"
#include "services/matching/mediation/openings.h"
#include "services/matching/mediation/proposals.h"
#include "services/matching/mediation/recommendation.h"
#include "services/matching/mediation/visit_contracts.h"
#include "services/matching/roles.h"
#include "services/matching/rounds/fairness_report.h"
#include "services/matching/rounds/round.h"
#include "services/matching/rounds/supply_report.h"
#include "services/matching/rounds/visit_questions.h"
#include "services/matching/rounds/visit_round.h"
#include "services/peers/registry_places.h"
#include "tsunagu/matching/v1/reason.pb.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

void Build(Service& service, PeerFinder find_peer) {
  Reason::Declare(v1::Reason_descriptor());
  service.access().Ship(Roles());
  auto places = std::make_unique<peers::RegistryPlaces>(find_peer, std::make_unique<access::CodedPlaces>("areas"));
  const peers::RegistryPlaces& named = *places;
  service.access().SetPlaces(std::move(places));
  AddLegalBases(service);
  AddOpenings(service, find_peer);
  AddCommuteRules(service);
  AddSupplyReport(service, named);
  AddFairnessReport(service, named);
  Resource& rounds = service.Add<v1::Round>();
  BindRounds(service, rounds, named, find_peer);
  BindRoundEvents(service, rounds, find_peer);
  BindVisitEvents(service, rounds, find_peer);
  BindVisitQuestions(service, find_peer);
  BindRecommendations(service, find_peer);
  BindHandover(service, named, find_peer);
  AddProposals(service, std::move(find_peer));
  AddVisitContracts(service);
  BindVisitRounds(service, named);
}

}  // namespace tsunagu::matching
