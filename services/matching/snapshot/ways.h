#ifndef TSUNAGU_SERVICES_MATCHING_SNAPSHOT_WAYS_H_
#define TSUNAGU_SERVICES_MATCHING_SNAPSHOT_WAYS_H_

#include <string>

#include "common/base/error.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Sorts the commute rules and travel times of a snapshot: by name and area; by rule, origin and destination.
void SortWays(v1::Snapshot& snapshot);

// Adds the faults in sorted commute rules and travel times.
void CheckWays(const v1::Snapshot& snapshot, Faults& faults);

// Returns the rule by which ways to openings in an area are measured: that of the area, else of its prefecture; null:
// none.
const v1::SnapshotCommuteRule* RuleOf(const google::protobuf::RepeatedPtrField<v1::SnapshotCommuteRule>& rules,
                                      const std::string& area);

// Sets the road factors of the openings and the minutes of the nurses' ways. Nurses and openings have the indexes of
// the snapshot, whose travel times must be sorted. If a way has several minutes, those from her mesh have priority over
// those from her area, and those to the facility over those to its mesh.
void AddWays(const v1::Snapshot& snapshot, rules::Instance& instance);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SNAPSHOT_WAYS_H_
