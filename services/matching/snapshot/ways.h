#ifndef TSUNAGU_SERVICES_MATCHING_SNAPSHOT_WAYS_H_
#define TSUNAGU_SERVICES_MATCHING_SNAPSHOT_WAYS_H_

#include <string>

#include "common/base/error.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Brings the commute rules and travel times of a snapshot into their order: by name and area; by rule, origin and
// destination.
void SortWays(v1::Snapshot& snapshot);

// Whatever is wrong with sorted ones.
void CheckWays(const v1::Snapshot& snapshot, Faults& faults);

// The rule by which ways to openings in an area are measured: that of the area, else of its prefecture; null: none.
const v1::SnapshotCommuteRule* RuleOf(const google::protobuf::RepeatedPtrField<v1::SnapshotCommuteRule>& rules,
                                      const std::string& area);

// Gives the openings of the instance their road factors, and the nurses the minutes of their ways. Nurses and openings
// stand in it as in the snapshot, whose travel times are sorted. Of several minutes for one way those from her mesh go
// before those from her area, and those to the facility before those to its mesh.
void AddWays(const v1::Snapshot& snapshot, rules::Instance& instance);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SNAPSHOT_WAYS_H_
