#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_AREA_ROLE_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_AREA_ROLE_H_

#include <vector>

#include "common/base/error.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/area_role.pb.h"

namespace tsunagu::registry::rules {

// Adds ROLE_NOT_OF_SUCH_AREA if an area of this kind cannot have the role.
void CheckAreaRole(const v1::AreaRole& role, const v1::Area& area, Faults& faults);

// Returns the statuses of a city that exclude `role`, since a city has one status on a day; none for a role that is
// compatible with all.
std::vector<v1::AreaRoleKind> StatusesBeside(v1::AreaRoleKind role);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_AREA_ROLE_H_
