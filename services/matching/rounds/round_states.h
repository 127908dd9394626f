#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_STATES_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_STATES_H_

#include "common/records/tx.h"
#include "common/rpc/bind.h"
#include "common/rpc/peer_access.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu {
class Service;
struct Resource;
}  // namespace tsunagu

namespace tsunagu::matching {

// A writer that publishes a round of this area, or proposes from it, locks this guard.
store::GuardKey GuardOfPublished(const v1::Round& round);

// Binds the methods that change the state of a round: FreezeRound, SolveRound, PublishRound, CancelRound.
void BindRoundStates(rpc::Binder& binder, Service& service, Resource& rounds, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_STATES_H_
