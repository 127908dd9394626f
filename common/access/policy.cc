#include "common/access/policy.h"

#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"

namespace tsunagu::access {
namespace {

identity::Grants Without(const identity::Grants& grants, absl::FunctionRef<bool(absl::string_view)> drops) {
  std::vector<identity::Grant> left;
  for (const identity::Grant& grant : grants) {
    identity::Grant& one = left.emplace_back();
    one.scope = grant.scope;
    for (const std::string& permission : grant.permissions) {
      if (!drops(permission)) one.permissions.insert(permission);
    }
  }
  return identity::Grants(std::move(left));
}

bool IsAboutAccess(absl::string_view permission) { return absl::StartsWith(permission, "access."); }

}  // namespace

ShippedRole RoleForServices(absl::Span<const std::string> by_themselves) {
  // In the name of the person who asked or caused it, and never more than that person may do. Writes are for the
  // outbox.
  ShippedRole role{"service", "サービス", 1, {kDelegate, "*.read", "*.confidential", "*.write"}};
  if (by_themselves.empty()) return role;
  role.version = 2;
  role.first = role.permissions;
  role.permissions.insert(role.permissions.end(), by_themselves.begin(), by_themselves.end());
  return role;
}

absl::Span<const ShippedRole> PlatformRoles() {
  static const auto& roles = *new std::vector<ShippedRole>{
      {"admin", "管理者", 1, {"*"}},
      {"auditor", "監査担当者", 1, {"revisions.read", "access.read", "accessLog.read"}},
      RoleForServices(),
  };
  return roles;
}

bool IsReservedId(absl::string_view id) {
  return id == "admin" || id == "system" || id == "operator" || absl::StartsWith(id, "service-");
}

identity::Grants GrantsByItself(const identity::Grants& grants) {
  return Without(grants, [](absl::string_view permission) {
    return absl::StrContains(permission, "*") || IsAboutAccess(permission);
  });
}

identity::Grants GrantsForSomebody(const identity::Grants& grants) {
  // "*" would reach access too.
  return Without(grants, [](absl::string_view permission) { return permission == "*" || IsAboutAccess(permission); });
}

}  // namespace tsunagu::access
