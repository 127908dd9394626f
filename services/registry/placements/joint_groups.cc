#include "services/registry/placements/joint_groups.h"

#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/tx.h"
#include "common/service/report_run.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/registry/areas/area_changes.h"
#include "services/registry/areas/area_kind.h"
#include "services/registry/rules/joint_group.h"
#include "services/registry/rules/prefecture.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/joint_group.pb.h"
#include "tsunagu/registry/v1/joint_group_member.pb.h"

namespace tsunagu::registry {
namespace {

template <typename M>
jp::Period PeriodOf(const M& record) {
  return contract::Schema::Of(M::descriptor()).PeriodOf(record);
}

// A writer of a joint placement and a writer of the group's members lock the same guard, so that each sees the other's
// change.
absl::Status GuardMembers(store::Tx& tx, const std::string& group) { return tx.Guard("joint group days", group); }

// Returns the days of the members of `group`, except the member `but`.
template <typename M>
absl::StatusOr<std::vector<jp::Period>> DaysOfMembers(const store::Decision<M>& decision, const std::string& group,
                                                      const std::string& but = "") {
  std::vector<jp::Period> days;
  RETURN_IF_ERROR(decision.template all<v1::JointGroupMember>().ForEach(contract::Where("joint_group", group),
                                                                        [&](const v1::JointGroupMember& member) {
                                                                          if (member.name() != but)
                                                                            days.push_back(PeriodOf(member));
                                                                          return absl::OkStatus();
                                                                        }));
  return days;
}

bool IsMissing(const absl::Status& status) { return absl::IsNotFound(status) || absl::IsInvalidArgument(status); }

absl::Status DecideJointGroup(const store::Decision<v1::JointGroup>& decision) {
  rules::CheckPrefecture(decision.after().prefecture(), decision.faults());
  return absl::OkStatus();
}

absl::Status CheckMember(const store::Decision<v1::JointGroupMember>& decision) {
  ASSIGN_OR_RETURN(const absl::optional<v1::Area> area, ReadStayingArea(decision.tx(), decision.after().area()));
  const auto group = decision.all<v1::JointGroup>().Get(decision.after().joint_group());
  if (!area || IsMissing(group.status())) return absl::OkStatus();  // already reported
  RETURN_IF_ERROR(group.status());
  rules::CheckJointGroupMember(*area, *group, decision.faults());
  return absl::OkStatus();
}

absl::Status DecideJointGroupMember(const store::Decision<v1::JointGroupMember>& decision) {
  RETURN_IF_ERROR(CheckMember(decision));
  RETURN_IF_ERROR(DecideStaysInArea(decision, "area", &v1::JointGroupMember::area));
  const v1::JointGroupMember& member = decision.after();
  if (decision.before() == nullptr) return absl::OkStatus();  // an additional member
  const jp::Period was = PeriodOf(*decision.before()), is = PeriodOf(member);
  if (is.from <= was.from && was.to <= is.to) return absl::OkStatus();
  RETURN_IF_ERROR(GuardMembers(decision.tx(), member.joint_group()));
  ASSIGN_OR_RETURN(std::vector<jp::Period> members, DaysOfMembers(decision, member.joint_group(), member.name()));
  if (is.valid()) members.push_back(is);
  bool told = false;
  return decision.all<v1::Placement>().ForEach(
      contract::Where("body", member.joint_group()), [&](const v1::Placement& placement) -> absl::Status {
        if (told || !rules::FindDayWithoutGroup(PeriodOf(placement), members)) return absl::OkStatus();
        told = true;
        return decision.AddConflict(is.to < was.to ? "valid_to_date" : "valid_from_date",
                                    "JOINT_PLACEMENT_GOES_ON"_reason, "JOINT_PLACEMENT_GOES_ON_UNSEEN"_reason,
                                    placement);
      });
}

}  // namespace

void AddJointGroups(Service& service) {
  BindStandard(service, "tsunagu.registry.v1.JointGroupService", service.Add<v1::JointGroup>().Rule(DecideJointGroup));
  BindStandard(service, "tsunagu.registry.v1.JointGroupMemberService",
               service.Add<v1::JointGroupMember>().Rule(DecideJointGroupMember));
}

absl::Status DecideJointPlacement(const store::Decision<v1::Placement>& decision) {
  const v1::Placement& placement = decision.after();
  if (!rules::IsJointGroup(placement.body())) return absl::OkStatus();
  RETURN_IF_ERROR(GuardMembers(decision.tx(), placement.body()));
  ASSIGN_OR_RETURN(const std::vector<jp::Period> members, DaysOfMembers(decision, placement.body()));
  rules::CheckJointPlacement(PeriodOf(placement), members, decision.faults());
  return absl::OkStatus();
}

absl::StatusOr<JointMembers> ReadJointMembers(ReportRun& run) {
  JointMembers members;
  const std::vector<absl::string_view> fields = {"joint_group", "area", "valid_from_date", "valid_to_date"};
  RETURN_IF_ERROR(run.ScanAllEver<v1::JointGroupMember>({}, fields, [&](const store::Cells& member) -> absl::Status {
    jp::Period days;
    if (!member.Text(2).empty()) {
      ASSIGN_OR_RETURN(days.from, jp::ParseDay(member.Text(2)));
    }
    if (!member.Text(3).empty()) {
      ASSIGN_OR_RETURN(days.to, jp::ParseDay(member.Text(3)));
    }
    members[member.Text(0)].push_back({member.Text(1), days});
    return absl::OkStatus();
  }));
  return members;
}

std::vector<std::string> PlacingBodies(const JointMembers& members, const std::string& body, jp::CivilDay day) {
  if (!rules::IsJointGroup(body)) return {body};
  std::vector<std::string> bodies;
  const auto together = members.find(body);
  if (together == members.end()) return bodies;
  for (const JointMember& member : together->second) {
    if (member.days.Contains(day)) bodies.push_back(member.area);
  }
  return bodies;
}

absl::StatusOr<std::vector<std::string>> JointGroupsOf(store::View& view, const std::string& area, jp::CivilDay day) {
  std::vector<std::string> groups;
  RETURN_IF_ERROR(store::Records<v1::JointGroupMember>::All(view).ForEach(
      contract::Where("area", area) && contract::Where::ActiveOn(day), [&](const v1::JointGroupMember& member) {
        groups.push_back(member.joint_group());
        return absl::OkStatus();
      }));
  return groups;
}

}  // namespace tsunagu::registry
