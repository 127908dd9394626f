#ifndef TSUNAGU_SERVICES_REGISTRY_JOINT_GROUPS_H_
#define TSUNAGU_SERVICES_REGISTRY_JOINT_GROUPS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/jp/civil_day.h"
#include "common/records/rule.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu {
class ReportRun;
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// Adds joint groups and their members. The rule of members is the counterpart of DecideJointPlacement.
void AddJointGroups(Service& service);

// Errors: a placement is by a joint group that is not a group on one of the placement's days. Other placements pass.
absl::Status DecideJointPlacement(const store::Decision<v1::Placement>& decision);

// The members of each joint group on the day of a report, regardless of who may see them: the composition of a group
// affects the count of each member.
struct JointMember {
  std::string area;
  jp::Period days;
};
using JointMembers = std::map<std::string, std::vector<JointMember>>;
absl::StatusOr<JointMembers> ReadJointMembers(ReportRun& run);

// Returns the bodies that place where `body` does: the members of a joint group, or the body alone.
std::vector<std::string> PlacingBodies(const JointMembers& members, const std::string& body, jp::CivilDay day);

// Returns the joint groups to which an area belongs on a day.
absl::StatusOr<std::vector<std::string>> JointGroupsOf(store::View& view, const std::string& area, jp::CivilDay day);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_JOINT_GROUPS_H_
