#ifndef TSUNAGU_SERVICES_MATCHING_ROUNDS_WAY_TEXT_H_
#define TSUNAGU_SERVICES_MATCHING_ROUNDS_WAY_TEXT_H_

#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Returns how her way to an opening was measured, with its text: the straight line, the straight line times the factor
// of a rule, or the minutes of its table. `row` is the row of the opening in the snapshot.
v1::Way WayOf(const v1::Snapshot& snapshot, const rules::Nurse& nurse, const rules::Opening& opening,
              const v1::SnapshotOpening& row);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUNDS_WAY_TEXT_H_
