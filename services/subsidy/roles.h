#ifndef TSUNAGU_SERVICES_SUBSIDY_ROLES_H_
#define TSUNAGU_SERVICES_SUBSIDY_ROLES_H_

#include "absl/types/span.h"
#include "common/access/shipped_role.h"

namespace tsunagu::subsidy {

// The roles that this service ships.
absl::Span<const access::ShippedRole> Roles();

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_ROLES_H_
