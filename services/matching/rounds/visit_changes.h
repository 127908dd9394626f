#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_CHANGES_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_CHANGES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_comparison.pb.h"

namespace tsunagu::matching {

// Applies the change to a canonical snapshot of visits, which stays canonical. On error, the status has all faults of
// the change, and the snapshot is unchanged. A supply or an opening that arrives must have its row, and an opening also
// the caps that count it.
absl::Status TakeVisitChange(const v1::VisitChange& change, v1::Snapshot& snapshot);

// Removes from the opening's row the half-days that want nobody any more. Removes an opening that wants none at all
// from the snapshot and from the caps.
void DropEmptyVisits(int32_t opening, v1::Snapshot& snapshot);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_CHANGES_H_
