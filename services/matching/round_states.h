#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_STATES_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_STATES_H_

#include "common/rpc/bind.h"
#include "common/rpc/peer_access.h"

namespace tsunagu {
class Service;
struct Resource;
}  // namespace tsunagu

namespace tsunagu::matching {

// Binds what moves a round: FreezeRound, SolveRound, PublishRound, CancelRound.
void BindRoundStates(rpc::Binder& binder, Service& service, Resource& rounds, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_STATES_H_
