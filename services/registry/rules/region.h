#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_REGION_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_REGION_H_

#include "common/base/error.h"
#include "tsunagu/registry/v1/region.pb.h"
#include "tsunagu/registry/v1/region_member.pb.h"

namespace tsunagu::registry::rules {

// Adds the faults in a region beyond its contract: its prefecture is not a prefecture.
void CheckRegion(const v1::Region& region, Faults& faults);

// Adds MEMBER_OUTSIDE_PREFECTURE if `region`, to which `member` is to belong, is in another prefecture.
void CheckRegionMember(const v1::RegionMember& member, const v1::Region& region, Faults& faults);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_REGION_H_
