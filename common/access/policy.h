#ifndef TSUNAGU_COMMON_ACCESS_POLICY_H_
#define TSUNAGU_COMMON_ACCESS_POLICY_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tsunagu/platform/v1/access.pb.h"

namespace tsunagu::access {

// A role as it is shipped. The roles of a service are data: these are its first rows, which the prefecture may change.
struct ShippedRole {
  const char* id;
  const char* display_name;
  std::vector<std::string> permissions;
};
absl::Span<const ShippedRole> ShippedRoles();
// That of services which call each other.
const ShippedRole& RoleForServices();

// Ids that this program gives out itself: admin, system, operator, service-….
bool IsReservedId(absl::string_view id);

// A caller that calls for others needs it.
inline constexpr char kDelegate[] = "service.delegate";

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_POLICY_H_
