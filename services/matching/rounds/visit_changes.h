#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_CHANGES_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_CHANGES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_comparison.pb.h"

namespace tsunagu::matching {

// Makes the rows of a canonical snapshot of visits those after the change, canonical again. Otherwise says all that
// keeps the change from being made, and the rows are as before. What comes has its row, and an opening its caps.
absl::Status TakeVisitChange(const v1::VisitChange& change, v1::Snapshot& snapshot);

// Takes the half-day out of the row where it wants nobody any more, and an opening that wants none at all out of the
// snapshot, with its place in the caps.
void DropEmptyVisits(int32_t opening, v1::Snapshot& snapshot);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_CHANGES_H_
