#ifndef TSUNAGU_COMMON_ACCESS_POLICY_H_
#define TSUNAGU_COMMON_ACCESS_POLICY_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/access/shipped_role.h"

namespace tsunagu::access {

// The roles that every service has, whatever it is about.
absl::Span<const ShippedRole> PlatformRoles();
// That of services which call each other.
const ShippedRole& RoleForServices();

// Ids that this program gives out itself: admin, system, operator, service-….
bool IsReservedId(absl::string_view id);

// A caller that calls for others needs it.
inline constexpr char kDelegate[] = "service.delegate";

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_POLICY_H_
