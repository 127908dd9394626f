#ifndef TSUNAGU_SERVICES_MATCHING_SNAPSHOT_COMMUTE_H_
#define TSUNAGU_SERVICES_MATCHING_SNAPSHOT_COMMUTE_H_

#include "absl/status/status.h"
#include "common/jp/civil_day.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu {
class Service;
namespace rpc {
struct Call;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Adds the commute rules that are valid on the day for the openings of a snapshot, regardless of who may see them, and
// those of their travel times that go from homes of its nurses to its openings. If no travel time begins in an area,
// removes the nurses' home areas, since they are not needed.
absl::Status AddCommute(Service& service, const rpc::Call& call, jp::CivilDay day, v1::Snapshot& snapshot);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SNAPSHOT_COMMUTE_H_
