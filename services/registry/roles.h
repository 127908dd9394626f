#ifndef TSUNAGU_SERVICES_REGISTRY_ROLES_H_
#define TSUNAGU_SERVICES_REGISTRY_ROLES_H_

#include "absl/types/span.h"
#include "common/access/shipped_role.h"

namespace tsunagu::registry {

// Returns the permissions of a prefecture's roles in the registry.
absl::Span<const access::ShippedRole> Roles();

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_ROLES_H_
