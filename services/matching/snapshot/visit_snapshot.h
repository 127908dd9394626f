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

// Whether it matches supplies of visits, and not nurses.
bool IsOfVisits(const v1::Round& round);

// The days on which visits of a round come, which has its as_of_date; those of any other round have no end.
jp::Period VisitDaysOf(const v1::Round& round);

// Brings the rows of visits of a snapshot into their canonical form. A snapshot with nurses is refused by a round of
// visits (ROUND_OF_VISITS), and one that says how ways are measured (VISITS_GO_STRAIGHT); one with visits by a round of
// employments (ROUND_NOT_OF_VISITS), one that names a half-day twice by either.
absl::Status CanonicaliseVisits(const v1::Round& round, v1::Snapshot& snapshot);

// TakeSnapshot of a round of visits: openings for visits and supplies from this service, less what contracts hold on
// any of the round's days, and facilities from the registry.
absl::StatusOr<Taken> TakeVisits(Service& service, const PeerAccess& registry, const rpc::Call& call,
                                 const v1::Round& round);

// One half-day of an opening of the snapshot, by the index that it has in rules::Visits.
struct WantedVisit {
  int32_t opening = -1;  // index in the snapshot
  int32_t visit = -1;    // index in the opening
};
std::vector<WantedVisit> WantedVisitsOf(const v1::Snapshot& snapshot);

// A canonical snapshot as arrays for the rules; supplies have the indexes that they have in it.
rules::Visits ToVisits(const v1::Snapshot& snapshot, int64_t seed);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_SNAPSHOT_H_
