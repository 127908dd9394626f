#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_H_

#include "common/rpc/peer_access.h"

namespace tsunagu {
class Service;
struct Resource;
namespace peers {
class RegistryPlaces;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Binds tsunagu.matching.v1.RoundService and the questions about rounds of employments. `names` must outlive the
// service.
void BindRounds(Service& service, Resource& rounds, const peers::RegistryPlaces& names, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_H_
