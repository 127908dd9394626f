#ifndef TSUNAGU_SERVICES_MATCHING_SNAPSHOT_H_
#define TSUNAGU_SERVICES_MATCHING_SNAPSHOT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/peer_access.h"
#include "services/matching/rules/instance.h"
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
  int64_t registry_place = 0;  // in the registry's journal: everything up to there is in it, and nothing later
};
// The rows of a round, which has a day, as they stand on that day: openings from this service, their facilities and the nurses who look for work from
// the registry over gRPC, in the name of the caller. Every opening is in it, among the openings or among those left out.
absl::StatusOr<Taken> TakeSnapshot(Service& service, const PeerAccess& registry, const rpc::Call& call,
                                   const v1::Round& round);

// Refuses what does not hang together: a name twice, a mesh that is none. Then brings it into its canonical order.
absl::Status Canonicalise(v1::Snapshot& snapshot);

// SHA-256 of the canonical form, hexadecimal.
std::string DigestOf(const v1::Snapshot& snapshot);

// The same as arrays for the rules; indexes are those of the snapshot.
rules::Instance ToInstance(const v1::Snapshot& snapshot, int64_t seed);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SNAPSHOT_H_
