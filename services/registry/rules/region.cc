#include "services/registry/rules/region.h"

#include "services/registry/rules/prefecture.h"

namespace tsunagu::registry::rules {

void CheckRegion(const v1::Region& region, Faults& faults) { CheckPrefecture(region.prefecture(), faults); }

void CheckRegionMember(const v1::RegionMember& member, const v1::Region& region, Faults& faults) {
  if (!LiesOutside(member.area(), region.prefecture())) return;
  faults.Add("area", "MEMBER_OUTSIDE_PREFECTURE"_reason,
             {{"area", member.area()}, {"prefecture", region.prefecture()}});
}

}  // namespace tsunagu::registry::rules
