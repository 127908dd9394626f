#ifndef TSUNAGU_SERVICES_MATCHING_HANDOVER_H_
#define TSUNAGU_SERVICES_MATCHING_HANDOVER_H_

#include "common/rpc/peer_access.h"

namespace tsunagu {
class Service;
namespace peers {
class RegistryPlaces;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Binds the hand-over of openings to the nurse centre. `places`, which must outlive the service, has the names of
// areas.
void BindHandover(Service& service, const peers::RegistryPlaces& places, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_HANDOVER_H_
