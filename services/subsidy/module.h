#ifndef TSUNAGU_SERVICES_SUBSIDY_MODULE_H_
#define TSUNAGU_SERVICES_SUBSIDY_MODULE_H_

#include "common/rpc/peer_access.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds the resources of subsidy to `service` and binds their methods: programmes and rule sets, applications, budgets,
// payments, contracts, and hours of activities. If `find_peer` finds "registry", the nesting of places is that of the
// registry.
void Build(Service& service, PeerFinder find_peer);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_MODULE_H_
