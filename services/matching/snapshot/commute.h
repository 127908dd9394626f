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

// Adds the commute rules that hold on the day for the openings of a snapshot, whoever may see them, and of their travel
// times those from where its nurses live to where its openings are. Takes the nurses' home areas away where none of
// these begins in an area: then nothing asks for them.
absl::Status AddCommute(Service& service, const rpc::Call& call, jp::CivilDay day, v1::Snapshot& snapshot);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SNAPSHOT_COMMUTE_H_
