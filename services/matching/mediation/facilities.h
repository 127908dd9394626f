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

// True where whoever has the opening's area has the facility's too: else somebody has put an opening into a place of
// others, since the area alone decided who may make it.
bool StandsThere(const v1::Opening& opening, const std::string& facility_area, const identity::Places& places,
                 jp::CivilDay day);

// Has the registry say of the facility of each opening that is made, or gets another facility or area, where it stands.
// An opening without an area gets that one. Refused are REFERENCE_NOT_FOUND where whoever makes it cannot see such a
// facility there, FACILITY_ELSEWHERE where it stands in another place than the opening. FACILITY_NOT_CHECKED where the
// registry does not answer. Without a registry, every facility is taken.
Resource::AskOf<v1::Opening> AskAboutFacilities(Service& service, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_FACILITIES_H_
