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

// By nurse: the care that she declares, and the care in which she has been trained.
using Skills = std::map<std::string, std::set<int>>;
Skills SkillsOf(const ByName<registry::v1::Nurse>& nurses, const ByName<registry::v1::NurseTraining>& trainings);

// Returns the openings within an area that are valid on the day and lie in `scope`, including those without an area,
// with the posts that are promised to nobody from that day on.
absl::StatusOr<std::vector<v1::Opening>> ReadOpenings(Service& service, const rpc::Call& call,
                                                      const identity::Scope& scope, const Within& within,
                                                      jp::CivilDay day);
// As above, for the openings that the caller may see.
absl::StatusOr<std::vector<v1::Opening>> ReadOpenings(Service& service, const rpc::Call& call, const Within& within,
                                                      jp::CivilDay day);

// Reduces the posts of an opening by those that are promised.
void TakeOff(const Promises& promises, v1::Opening& opening);

// Returns the area of an opening; if it has none of its own, that of its facility. `facility` is null if there is none.
const std::string& AreaOf(const v1::Opening& opening, const registry::v1::Facility* facility);

// Returns why an opening cannot take part; UNSPECIFIED if it can.
v1::LeftOutReason WhyNot(const identity::Places& places, jp::CivilDay day, const v1::Opening& opening,
                         const registry::v1::Facility* facility);

// Returns the care that a nurse must be able to give. Includes the care of the children of the opening's half-days, if
// the opening was written since that field exists.
const google::protobuf::RepeatedField<int>& NeededSkills(const v1::Opening& opening);

// Return the fields that the rules need. The home area remains only if AddCommute has a use for it.
v1::SnapshotNurse RowOf(const registry::v1::Nurse& nurse, const std::set<int>& skills);
v1::SnapshotOpening RowOf(const v1::Opening& opening, const registry::v1::Facility& facility);

// Records why a row of the input is not in the snapshot. `facility` is that of an opening, else empty.
void LeaveOut(const std::string& name, v1::LeftOutReason reason, const std::string& facility, v1::Snapshot& snapshot);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SNAPSHOT_ROWS_H_
