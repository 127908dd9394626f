#ifndef TSUNAGU_SERVICES_MATCHING_ROLES_H_
#define TSUNAGU_SERVICES_MATCHING_ROLES_H_

#include "absl/types/span.h"
#include "common/access/shipped_role.h"

namespace tsunagu::matching {

// Returns the permissions of a prefecture's roles in matching.
absl::Span<const access::ShippedRole> Roles();

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROLES_H_
