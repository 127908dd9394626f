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

// Joint groups and their members, whose rule is the other side of DecideJointPlacement.
void AddJointGroups(Service& service);

// Refuses a placement by a joint group that is none on one of its days. Other placements pass.
absl::Status DecideJointPlacement(const store::Decision<v1::Placement>& decision);

// The members of each joint group on the day of a report, whoever may see them: which bodies place together counts for
// each of them.
struct JointMember {
  std::string area;
  jp::Period days;
};
using JointMembers = std::map<std::string, std::vector<JointMember>>;
absl::StatusOr<JointMembers> ReadJointMembers(ReportRun& run);

// The bodies that place, where `body` does: the members of a joint group, or it alone.
std::vector<std::string> PlacingBodies(const JointMembers& members, const std::string& body, jp::CivilDay day);

// The joint groups to which an area belongs on a day.
absl::StatusOr<std::vector<std::string>> JointGroupsOf(store::View& view, const std::string& area, jp::CivilDay day);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_JOINT_GROUPS_H_
