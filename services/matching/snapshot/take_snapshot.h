#ifndef TSUNAGU_SERVICES_MATCHING_TAKE_SNAPSHOT_H_
#define TSUNAGU_SERVICES_MATCHING_TAKE_SNAPSHOT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/rpc/peer_access.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu {
class Service;
namespace rpc {
struct Call;
}
}  // namespace tsunagu

namespace tsunagu::matching {

struct Taken {
  v1::Snapshot snapshot;
  int64_t registry_place = 0;  // place in the registry's journal: the snapshot includes everything up to it, and
                               // nothing later
};

// Returns the rows of a round, as of the day of the round: openings from this service; their facilities, and the nurses
// who look for work, from the registry over gRPC in the name of the caller. Every opening is either among the openings
// or among those left out.
absl::StatusOr<Taken> TakeSnapshot(Service& service, const PeerAccess& registry, const rpc::Call& call,
                                   const v1::Round& round);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_TAKE_SNAPSHOT_H_
