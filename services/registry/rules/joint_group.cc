#include "services/registry/rules/joint_group.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "services/registry/rules/area.h"
#include "services/registry/rules/prefecture.h"

namespace tsunagu::registry::rules {

bool IsJointGroup(absl::string_view body) { return absl::StartsWith(body, "jointGroups/"); }

absl::optional<DayWithoutGroup> FindDayWithoutGroup(const jp::Period& days, const std::vector<jp::Period>& members) {
  // The number of members decreases only after the last day of a member.
  std::vector<jp::CivilDay> looked_at = {days.from};
  for (const jp::Period& member : members) {
    if (days.Contains(member.to + 1)) looked_at.push_back(member.to + 1);
  }
  std::sort(looked_at.begin(), looked_at.end());
  for (const jp::CivilDay day : looked_at) {
    const auto there =
        std::count_if(members.begin(), members.end(), [&](const auto& member) { return member.Contains(day); });
    if (there < 2) return DayWithoutGroup{day, static_cast<int>(there)};
  }
  return absl::nullopt;
}

void CheckJointPlacement(const jp::Period& days, const std::vector<jp::Period>& members, Faults& faults) {
  const auto without = FindDayWithoutGroup(days, members);
  if (!without) return;
  faults.Add("body", without->members == 0 ? "JOINT_GROUP_OUTSIDE_DATES"_reason : "JOINT_GROUP_OF_ONE"_reason,
             {{"date", jp::FormatIso(without->day)}});
}

void CheckJointGroupMember(const v1::Area& area, const v1::JointGroup& group, Faults& faults) {
  if (area.kind() != v1::AREA_KIND_UNSPECIFIED && !IsMunicipality(area.kind())) {
    faults.Add("area", "JOINT_MEMBER_NOT_MUNICIPALITY"_reason, {{"area", area.name()}});
  }
  if (LiesOutside(area.name(), group.prefecture())) {
    faults.Add("area", "JOINT_MEMBER_OUTSIDE_PREFECTURE"_reason,
               {{"area", area.name()}, {"prefecture", group.prefecture()}});
  }
}

}  // namespace tsunagu::registry::rules
