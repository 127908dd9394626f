#ifndef TSUNAGU_SERVICES_MATCHING_OPEN_PROPOSALS_H_
#define TSUNAGU_SERVICES_MATCHING_OPEN_PROPOSALS_H_

#include "common/rpc/bind.h"
#include "common/rpc/peer_access.h"
#include "common/service/service.h"

namespace tsunagu::matching {

// Binds the method that opens proposals from published rounds. It asks the registry about each nurse as for any
// proposal; without a registry, her licence is that of the round.
void BindOpenProposals(rpc::Binder& binder, Service& service, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_OPEN_PROPOSALS_H_
