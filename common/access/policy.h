#ifndef TSUNAGU_COMMON_ACCESS_POLICY_H_
#define TSUNAGU_COMMON_ACCESS_POLICY_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/access/shipped_role.h"
#include "common/identity/principal.h"

namespace tsunagu::access {

// The roles that every service has, whatever it is about.
absl::Span<const ShippedRole> PlatformRoles();
// That of services which call each other: what they may do for somebody, and what they do here `by_themselves`, each
// permission named in full.
ShippedRole RoleForServices(absl::Span<const std::string> by_themselves = {});

// Ids that this program gives out itself: admin, system, operator, service-….
bool IsReservedId(absl::string_view id);

// A caller that calls for others needs it. It makes the caller a service: without a person it may only do what its
// roles name in full (areas.read, not *.read), and it never touches access, whoever it acts for.
inline constexpr char kDelegate[] = "service.delegate";
// To see roles, callers and keys, and their history.
inline constexpr char kReadAccess[] = "access.read";

// What is left of a service's grants for a call in its own name, and for one in somebody else's.
identity::Grants GrantsByItself(const identity::Grants& grants);
identity::Grants GrantsForSomebody(const identity::Grants& grants);

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_POLICY_H_
