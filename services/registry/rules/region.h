#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_REGION_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_REGION_H_

#include "common/base/error.h"
#include "tsunagu/registry/v1/region.pb.h"
#include "tsunagu/registry/v1/region_member.pb.h"

namespace tsunagu::registry::rules {

// Adds what is wrong with a region beyond its contract: a prefecture that is none.
void CheckRegion(const v1::Region& region, Faults& faults);

// Adds MEMBER_OUTSIDE_PREFECTURE where `region`, to which `member` is to belong, is one of another prefecture.
void CheckRegionMember(const v1::RegionMember& member, const v1::Region& region, Faults& faults);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_REGION_H_
