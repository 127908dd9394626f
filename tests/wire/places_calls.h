#ifndef TSUNAGU_TESTS_WIRE_PLACES_CALLS_H_
#define TSUNAGU_TESTS_WIRE_PLACES_CALLS_H_

#include <string>

#include "common/jp/civil_day.h"
#include "common/jp/period.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/registry/v1/joint_group.pb.h"
#include "tsunagu/registry/v1/joint_group_member.pb.h"
#include "tsunagu/registry/v1/region.pb.h"
#include "tsunagu/registry/v1/region_member.pb.h"

namespace tsunagu::wire {

// Short forms of the methods of areas, regions, joint groups and their members. An empty `prefecture`, and the first
// and the last day, are not sent.

inline absl::StatusOr<registry_v1::Region> CreateRegion(const Caller& caller, const std::string& id,
                                                        const std::string& prefecture) {
  registry_v1::CreateRegionRequest request;
  request.set_region_id(id);
  request.mutable_region()->set_display_name("見本圏域");
  request.mutable_region()->set_kind(registry_v1::REGION_KIND_DISABILITY_WELFARE);
  request.mutable_region()->set_prefecture(prefecture);
  return caller.Call<registry_v1::Region>("registry.v1.RegionService/CreateRegion", request);
}

inline absl::StatusOr<registry_v1::RegionMember> AddMember(const Caller& caller, const std::string& region,
                                                           const std::string& area, jp::CivilDay from = jp::kFirstDay,
                                                           jp::CivilDay to = jp::kLastDay) {
  registry_v1::CreateRegionMemberRequest request;
  registry_v1::RegionMember& member = *request.mutable_region_member();
  member.set_region(region);
  member.set_area(area);
  if (from != jp::kFirstDay) *member.mutable_valid_from_date() = jp::ToDate(from);
  if (to != jp::kLastDay) *member.mutable_valid_to_date() = jp::ToDate(to);
  return caller.Call<registry_v1::RegionMember>("registry.v1.RegionMemberService/CreateRegionMember", request);
}

inline absl::StatusOr<registry_v1::RegionMember> EndMember(const Caller& caller, const std::string& name,
                                                           jp::CivilDay last) {
  registry_v1::EndRegionMemberRequest request;
  request.set_name(name);
  *request.mutable_end_date() = jp::ToDate(last);
  return caller.Call<registry_v1::RegionMember>("registry.v1.RegionMemberService/EndRegionMember", request);
}

inline absl::StatusOr<registry_v1::JointGroup> CreateJointGroup(const Caller& caller, const std::string& id,
                                                                const std::string& prefecture) {
  registry_v1::CreateJointGroupRequest request;
  request.set_joint_group_id(id);
  request.mutable_joint_group()->set_display_name("見本共同配置");
  request.mutable_joint_group()->set_prefecture(prefecture);
  return caller.Call<registry_v1::JointGroup>("registry.v1.JointGroupService/CreateJointGroup", request);
}

inline absl::StatusOr<registry_v1::JointGroupMember> Join(const Caller& caller, const std::string& group,
                                                          const std::string& area, jp::CivilDay from = jp::kFirstDay,
                                                          jp::CivilDay to = jp::kLastDay) {
  registry_v1::CreateJointGroupMemberRequest request;
  registry_v1::JointGroupMember& member = *request.mutable_joint_group_member();
  member.set_joint_group(group);
  member.set_area(area);
  if (from != jp::kFirstDay) *member.mutable_valid_from_date() = jp::ToDate(from);
  if (to != jp::kLastDay) *member.mutable_valid_to_date() = jp::ToDate(to);
  return caller.Call<registry_v1::JointGroupMember>("registry.v1.JointGroupMemberService/CreateJointGroupMember",
                                                    request);
}

inline absl::StatusOr<registry_v1::Area> MoveArea(const Caller& caller, const std::string& name,
                                                  const std::string& parent) {
  registry_v1::UpdateAreaRequest request;
  request.mutable_area()->set_name(name);
  request.mutable_area()->set_parent(parent);
  request.mutable_update_mask()->add_paths("parent");
  return caller.Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", request);
}

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_PLACES_CALLS_H_
