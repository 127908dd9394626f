#ifndef TSUNAGU_SERVICES_SUBSIDY_MODULE_H_
#define TSUNAGU_SERVICES_SUBSIDY_MODULE_H_

#include "common/rpc/peer_access.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds the resources of subsidy to `service` and binds their methods: curricula, courses, who learns what, and
// certificates. Where `find_peer` finds "registry", places lie in one another as they do there.
void Build(Service& service, PeerFinder find_peer);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_MODULE_H_
