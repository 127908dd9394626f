#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_SNAPSHOT_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_SNAPSHOT_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/jp/period.h"
#include "common/rpc/peer_access.h"
#include "services/matching/rules/visits.h"
#include "services/matching/snapshot/take_snapshot.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Returns whether the round matches supplies of visits, not nurses.
bool IsOfVisits(const v1::Round& round);

// Returns the days of the visits of a round, which must have an as_of_date; for any other round the period has no end.
jp::Period VisitDaysOf(const v1::Round& round);

// Converts the visit rows of a snapshot to their canonical form. Errors: for a round of visits, ROUND_OF_VISITS if the
// snapshot has nurses, and VISITS_GO_STRAIGHT if it states how ways are measured; for a round of employments,
// ROUND_NOT_OF_VISITS if it has visits; for both, a fault if a half-day is repeated.
absl::Status CanonicaliseVisits(const v1::Round& round, v1::Snapshot& snapshot);

// TakeSnapshot for a round of visits: openings for visits and supplies from this service, less what contracts hold on
// any of the round's days, and facilities from the registry.
absl::StatusOr<Taken> TakeVisits(Service& service, const PeerAccess& registry, const rpc::Call& call,
                                 const v1::Round& round);

// One half-day of an opening of the snapshot. Those of a snapshot are in the order of rules::Visits.
struct WantedVisit {
  int32_t opening = -1;  // index in the snapshot
  int32_t visit = -1;    // index in the opening
};
std::vector<WantedVisit> WantedVisitsOf(const v1::Snapshot& snapshot);

// Returns a canonical snapshot as arrays for the rules; supplies keep their indexes.
rules::Visits ToVisits(const v1::Snapshot& snapshot, int64_t seed);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_SNAPSHOT_H_
