#ifndef TSUNAGU_COMMON_ACCESS_POLICY_H_
#define TSUNAGU_COMMON_ACCESS_POLICY_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/access/shipped_role.h"
#include "common/identity/principal.h"

namespace tsunagu::access {

// The roles that every service has, whatever it is for.
absl::Span<const ShippedRole> PlatformRoles();
// Returns the role of services that call each other: what they may do for somebody, and the permissions that they have
// here `by_themselves`, each named in full.
ShippedRole RoleForServices(absl::Span<const std::string> by_themselves = {});

// Returns true for ids that this program assigns itself: admin, system, operator, service-….
bool IsReservedId(absl::string_view id);

// The permission to call for others. It makes the caller a service: without a person it may only do what its roles name
// in full (areas.read, not *.read), and it never reads or changes access, whoever it acts for.
inline constexpr char kDelegate[] = "service.delegate";
// The permission to read roles, callers and keys, and their history.
inline constexpr char kReadAccess[] = "access.read";

// Return what remains of a service's grants when it calls in its own name, and when it calls for somebody.
identity::Grants GrantsByItself(const identity::Grants& grants);
identity::Grants GrantsForSomebody(const identity::Grants& grants);

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_POLICY_H_
