#ifndef TSUNAGU_TESTS_FAULTS_VISIT_GROUND_H_
#define TSUNAGU_TESTS_FAULTS_VISIT_GROUND_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/faults/requests.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"

namespace tsunagu::faults {

// Creates one facility with an opening for visits, openings/a, and supplies at the same location, visitSupplies/s0, s1
// and so on.
inline void MakeVisitGround(process::ServerProcess& server, int posts, int supplies, const std::string& half_days) {
  Made<registry::v1::Area, registry::v1::CreateAreaRequest>(
      server, "registry.v1.AreaService/CreateArea",
      "area { code: '310000' kind: AREA_KIND_PREFECTURE display_name: '鳥取県' }");
  Made<registry::v1::Facility, registry::v1::CreateFacilityRequest>(
      server, "registry.v1.FacilityService/CreateFacility",
      "facility_id: 'kita' facility { display_name: '見本' latitude_e6: 35500000 longitude_e6: 134230000 }");
  Made<matching::v1::Opening, matching::v1::CreateOpeningRequest>(
      server, "matching.v1.OpeningService/CreateOpening",
      absl::StrCat(
          "opening_id: 'a' opening { facility: 'facilities/kita' area: 'areas/310000' kind: OPENING_KIND_VISIT "
          "weekly_minutes: 60 school_half_days: [",
          half_days, "] posts: ", posts, " }"));
  for (int i = 0; i < supplies; ++i) {
    Made<matching::v1::VisitSupply, matching::v1::CreateVisitSupplyRequest>(
        server, "matching.v1.VisitSupplyService/CreateVisitSupply",
        absl::StrCat("visit_supply_id: 's", i, "' visit_supply { supplier_code: '31-", i,
                     "' area: 'areas/310000' latitude_e6: 35500000 longitude_e6: 134230000 reach_metres: 5000 licence: "
                     "LICENCE_NURSE kind: SUPPLIER_VISITING_STATION school_half_days: [",
                     half_days, "] }"));
  }
}

// Creates and publishes a round of visits, from the existing records or from a given snapshot.
inline void PublishVisitRound(process::ServerProcess& server, const std::string& id, const std::string& snapshot = "") {
  Made<matching::v1::Round, matching::v1::CreateRoundRequest>(
      server, "matching.v1.RoundService/CreateRound",
      absl::StrCat("round_id: '", id,
                   "' round { display_name: '訪問' area: 'areas/310000' seed: 7 opening_kind: OPENING_KIND_VISIT }"));
  Operate<matching::v1::SolveRoundRequest>(server, "matching.v1.RoundService/SolveRound",
                                           absl::StrCat("name: 'rounds/", id, "' ", snapshot));
  Made<matching::v1::Round, matching::v1::PublishRoundRequest>(server, "matching.v1.RoundService/PublishRound",
                                                               absl::StrCat("name: 'rounds/", id, "'"));
}

// Returns the contracts that a round proposes, by name, with the supply of each, as far as the stream was received.
inline std::map<std::string, std::string> OpenContracts(process::ServerProcess& server, const std::string& round) {
  matching::v1::OpenVisitContractsRequest request;
  request.set_round(round);
  const auto stream = server.Stream("matching.v1.VisitRoundService/OpenVisitContracts");
  stream->Write(request);
  stream->WritesDone();
  std::map<std::string, std::string> opened;
  matching::v1::OpenVisitContractsResponse answer;
  for (auto more = stream->Read(answer); more.ok() && *more; more = stream->Read(answer)) {
    opened[answer.visit_contract()] = answer.supply();
  }
  stream->Finish().IgnoreError();
  return opened;
}

inline std::vector<matching::v1::VisitContract> ContractsOf(process::ServerProcess& server, const std::string& round) {
  const auto listed = Made<matching::v1::ListVisitContractsResponse, matching::v1::ListVisitContractsRequest>(
      server, "matching.v1.VisitContractService/ListVisitContracts",
      absl::StrCat("page_size: 1000 filter: \"round = '", round, "'\""));
  return {listed.visit_contracts().begin(), listed.visit_contracts().end()};
}

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_VISIT_GROUND_H_
