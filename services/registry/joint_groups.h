#ifndef TSUNAGU_SERVICES_REGISTRY_JOINT_GROUPS_H_
#define TSUNAGU_SERVICES_REGISTRY_JOINT_GROUPS_H_

#include "absl/status/status.h"
#include "common/records/rule.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// Joint groups and their members, whose rule is the other side of DecideJointPlacement.
void AddJointGroups(Service& service);

// Refuses a placement by a joint group that is none on one of its days. Other placements pass.
absl::Status DecideJointPlacement(const store::Decision<v1::Placement>& decision);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_JOINT_GROUPS_H_
