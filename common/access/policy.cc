#include "common/access/policy.h"

#include "absl/strings/match.h"

namespace tsunagu::access {

const ShippedRole& RoleForServices() {
  // In the name of whoever asked or caused it, and never more than that person may: writes are what the outbox owes.
  static const auto& role =
      *new ShippedRole{"service", "サービス", 1, {kDelegate, "*.read", "*.confidential", "*.write"}};
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

}  // namespace tsunagu::access
