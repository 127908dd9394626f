#ifndef TSUNAGU_SERVICES_MATCHING_MODULE_H_
#define TSUNAGU_SERVICES_MATCHING_MODULE_H_

#include "common/rpc/peer_access.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::matching {

// Adds the resources of matching to `service` and binds their methods. Calls `find_peer` for "registry" when a round is
// solved from it.
void Build(Service& service, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_MODULE_H_
