#include "services/registry/rules/region.h"

#include "absl/strings/strip.h"
#include "common/jp/area_code.h"

namespace tsunagu::registry::rules {
namespace {

absl::StatusOr<jp::AreaCode> CodeOf(absl::string_view area) { return jp::AreaCode::Parse(absl::StripPrefix(area, "areas/")); }

}  // namespace

void CheckRegion(const v1::Region& region, Faults& faults) {
  if (region.prefecture().empty()) return;
  const auto code = CodeOf(region.prefecture());
  if (!code.ok() || !code->IsPrefecture()) faults.Add("prefecture", "MALFORMED_VALUE"_reason);
}

void CheckRegionMember(const v1::RegionMember& member, const v1::Region& region, Faults& faults) {
  const auto area = CodeOf(member.area()), prefecture = CodeOf(region.prefecture());
  if (!area.ok() || !prefecture.ok() || area->prefecture() == prefecture->prefecture()) return;
  faults.Add("area", "MEMBER_OUTSIDE_PREFECTURE"_reason,
             {{"area", member.area()}, {"prefecture", region.prefecture()}});
}

}  // namespace tsunagu::registry::rules
