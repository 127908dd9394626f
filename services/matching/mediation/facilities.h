#ifndef TSUNAGU_SERVICES_MATCHING_FACILITIES_H_
#define TSUNAGU_SERVICES_MATCHING_FACILITIES_H_

#include "common/identity/places.h"
#include "common/jp/civil_day.h"
#include "common/rpc/peer_access.h"
#include "common/service/resource.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

// Returns whether every scope that contains the opening's area also contains the facility's. Otherwise someone has
// placed an opening in an area of others, since only the opening's area decides who may create it.
bool StandsThere(const v1::Opening& opening, const std::string& facility_area, const identity::Places& places,
                 jp::CivilDay day);

// Asks the registry for the location of the facility of each opening that is created, or gets another facility or area.
// An opening without an area gets that of the facility. Errors: REFERENCE_NOT_FOUND if the caller cannot see such a
// facility there; FACILITY_ELSEWHERE if it is in another place than the opening; FACILITY_NOT_CHECKED if the registry
// does not answer. Without a registry, every facility is accepted.
Resource::AskOf<v1::Opening> AskAboutFacilities(Service& service, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_FACILITIES_H_
