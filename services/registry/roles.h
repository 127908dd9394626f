#ifndef TSUNAGU_SERVICES_REGISTRY_ROLES_H_
#define TSUNAGU_SERVICES_REGISTRY_ROLES_H_

#include "absl/types/span.h"
#include "common/access/shipped_role.h"

namespace tsunagu::registry {

// What the roles of a prefecture permit in the registry.
absl::Span<const access::ShippedRole> Roles();

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_ROLES_H_
