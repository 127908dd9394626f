#include "services/matching/module.h"

#include <memory>

#include "common/access/access.h"
#include "common/access/coded_places.h"
#include "common/service/service.h"
#include "services/peers/registry_places.h"
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
  service.access().SetPlaces(
      std::make_unique<peers::RegistryPlaces>(find_peer, std::make_unique<access::CodedPlaces>("areas")));
  AddLegalBases(service);
  AddOpenings(service, find_peer);
  AddRoundReports(service);
  Resource& rounds = service.Add<v1::Round>();
  BindRounds(service, rounds, find_peer);
  BindRoundEvents(service, rounds, find_peer);
  BindRecommendations(service, find_peer);
  AddProposals(service, std::move(find_peer));
  AddVisitContracts(service);
}

}  // namespace tsunagu::matching
