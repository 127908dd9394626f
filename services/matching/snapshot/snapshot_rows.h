#ifndef TSUNAGU_SERVICES_MATCHING_SNAPSHOT_ROWS_H_
#define TSUNAGU_SERVICES_MATCHING_SNAPSHOT_ROWS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/identity/places.h"
#include "common/jp/civil_day.h"
#include "services/matching/mediation/promises.h"
#include "services/matching/snapshot/registry_rows.h"
#include "services/matching/snapshot/within.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu {
class Service;
namespace rpc {
struct Call;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// By nurse: what she says she can give, and what she has been trained in.
using Skills = std::map<std::string, std::set<int>>;
Skills SkillsOf(const ByName<registry::v1::Nurse>& nurses, const ByName<registry::v1::NurseTraining>& trainings);

// Openings within an area that hold on the day and lie in `scope`, with the posts that nobody is promised from then on;
// those without an area among them.
absl::StatusOr<std::vector<v1::Opening>> ReadOpenings(Service& service, const rpc::Call& call,
                                                      const identity::Scope& scope, const Within& within,
                                                      jp::CivilDay day);
// The same of those that the caller may see.
absl::StatusOr<std::vector<v1::Opening>> ReadOpenings(Service& service, const rpc::Call& call, const Within& within,
                                                      jp::CivilDay day);

// Leaves an opening the posts that are not promised.
void TakeOff(const Promises& promises, v1::Opening& opening);

// Where an opening stands: without an area of its own, where its facility does. `facility` is null where there is none.
const std::string& AreaOf(const v1::Opening& opening, const registry::v1::Facility* facility);

// Why an opening cannot take part; UNSPECIFIED where it can.
v1::LeftOutReason WhyNot(const identity::Places& places, jp::CivilDay day, const v1::Opening& opening,
                         const registry::v1::Facility* facility);

// The care that a nurse has to be able to give: that of the children of its half-days too, as soon as it has been
// written since they can be said.
const google::protobuf::RepeatedField<int>& NeededSkills(const v1::Opening& opening);

// What the rules need of each. The home area stays only where AddCommute finds a use for it.
v1::SnapshotNurse RowOf(const registry::v1::Nurse& nurse, const std::set<int>& skills);
v1::SnapshotOpening RowOf(const v1::Opening& opening, const registry::v1::Facility& facility);

// Says of a row of the input why it is not in the snapshot. `facility` is that of an opening, else empty.
void LeaveOut(const std::string& name, v1::LeftOutReason reason, const std::string& facility, v1::Snapshot& snapshot);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SNAPSHOT_ROWS_H_
