#ifndef TSUNAGU_SERVICES_TRAINING_MODULE_H_
#define TSUNAGU_SERVICES_TRAINING_MODULE_H_

#include "common/rpc/peer_access.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Adds the resources of training to `service` and binds their methods: curricula, courses, learners and certificates.
// If `find_peer` finds "registry", the nesting of places is that of the registry.
void Build(Service& service, PeerFinder find_peer);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_MODULE_H_
