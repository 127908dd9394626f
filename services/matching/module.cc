#include "services/matching/module.h"

#include <memory>
#include <utility>

#include "common/access/access.h"
#include "common/access/coded_places.h"
#include "common/service/service.h"
#include "services/peers/registry_places.h"
#include "services/matching/handover.h"
#include "services/matching/legal_bases.h"
#include "services/matching/openings.h"
#include "services/matching/proposals.h"
#include "services/matching/recommendation.h"
#include "services/matching/roles.h"
#include "services/matching/round.h"
#include "services/matching/round_events.h"
#include "services/matching/round_report.h"
#include "services/matching/visit_contracts.h"
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
  AddRoundReports(service);
  Resource& rounds = service.Add<v1::Round>();
  BindRounds(service, rounds, find_peer);
  BindRoundEvents(service, rounds, find_peer);
  BindRecommendations(service, find_peer);
  BindHandover(service, named, find_peer);
  AddProposals(service, std::move(find_peer));
  AddVisitContracts(service);
}

}  // namespace tsunagu::matching
