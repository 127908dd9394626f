#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_JOINT_GROUP_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_JOINT_GROUP_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/jp/period.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/joint_group.pb.h"

namespace tsunagu::registry::rules {

// Returns whether a body is a joint group: "jointGroups/east".
bool IsJointGroup(absl::string_view body);

// The first day of `days` on which the group has fewer than two members and so is not a group. `members` are the days
// of each member; a body has no day twice.
struct DayWithoutGroup {
  jp::CivilDay day;
  int members = 0;  // 0 or 1
};
absl::optional<DayWithoutGroup> FindDayWithoutGroup(const jp::Period& days, const std::vector<jp::Period>& members);

// Adds JOINT_GROUP_OUTSIDE_DATES or JOINT_GROUP_OF_ONE at the body if the days of a placement include a day without a
// group.
void CheckJointPlacement(const jp::Period& days, const std::vector<jp::Period>& members, Faults& faults);

// Adds the reasons why `area` cannot be a member of `group`: JOINT_MEMBER_NOT_MUNICIPALITY,
// JOINT_MEMBER_OUTSIDE_PREFECTURE.
void CheckJointGroupMember(const v1::Area& area, const v1::JointGroup& group, Faults& faults);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_JOINT_GROUP_H_
