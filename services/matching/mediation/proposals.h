#ifndef TSUNAGU_SERVICES_MATCHING_PROPOSALS_H_
#define TSUNAGU_SERVICES_MATCHING_PROPOSALS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/records/tx.h"
#include "common/rpc/peer_access.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu {
class Service;
namespace store {
template <typename M>
class Decision;
}
}  // namespace tsunagu

namespace tsunagu::matching {

void AddProposals(Service& service, PeerFinder find_peer);

// A writer that promises posts of an opening, or changes the opening, locks this guard.
store::GuardKey GuardOfOpening(const std::string& name);

// What an opening keeps as it is for its proposals. One to which the nurse has not consented keeps nothing: a refusal
// would tell the facility that somebody is proposed.
struct Kept {
  bool place = false;  // its kind and its facility
  bool half_days = false;
};
// GuardOfOpening must be locked.
absl::StatusOr<Kept> KeptByProposals(const store::Decision<v1::Opening>& decision);

// Adds POSTS_PROMISED if more posts are promised, from today on, than the opening would have. GuardOfOpening must be
// locked.
absl::Status CheckPostsPromised(const store::Decision<v1::Opening>& decision);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_PROPOSALS_H_
