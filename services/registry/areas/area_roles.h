#ifndef TSUNAGU_SERVICES_REGISTRY_AREA_ROLES_H_
#define TSUNAGU_SERVICES_REGISTRY_AREA_ROLES_H_

#include "absl/status/status.h"
#include "common/records/rule.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// Roles of areas (docs/adr/0048).
void AddAreaRoles(Service& service);

// Gives a designated city of the national list of codes its role with its days, unless it has it. Errors: the area has
// the status of another kind of city on one of these days.
absl::Status DecideOwnRole(const store::Decision<v1::Area>& decision);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_AREA_ROLES_H_
