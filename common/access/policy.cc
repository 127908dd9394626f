#include "common/access/policy.h"

#include <cstdlib>

#include "absl/strings/match.h"

namespace tsunagu::access {

absl::Span<const ShippedRole> ShippedRoles() {
  // What a resource's own officer does with it: nurses.identity and nurses.confidential unmask, with a purpose.
  static const auto& roles = *new std::vector<ShippedRole>{
      {"admin", "管理者", {"*"}},
      {"prefecture-officer",
       "都道府県担当者",
       {"areas.read", "coordinators.*", "facilities.*", "nurses.*", "openings.*", "placements.*", "regions.*",
        "regionMembers.*", "rounds.*", "rows.*", "revisions.read", "changes.read", "due.read", "operations.*"}},
      {"municipality-officer",
       "市区町村担当者",
       {"areas.read", "coordinators.*", "facilities.read", "facilities.write", "openings.read", "placements.*", "rows.*", "due.read"}},
      {"matching-operator",
       "マッチング担当者",
       {"areas.read", "facilities.read", "nurses.*", "openings.*", "rounds.*", "rows.*", "changes.read", "operations.*"}},
      {"centre-staff", "医療的ケア児支援センター職員", {"areas.read", "facilities.read", "openings.read"}},
      {"facility-manager", "事業所管理者", {"areas.read", "facilities.read", "facilities.write", "openings.*"}},
      {"nurse", "看護職員", {"areas.read", "facilities.read", "nurses.read", "nurses.identity", "nurses.confidential"}},
      {"integrator", "連携システム", {"areas.read", "facilities.*", "openings.*", "nurses.read", "nurses.write", "rows.*", "changes.read"}},
      // In the name of whoever asked or caused it, and never more than that person may: writes are what the outbox owes.
      {"service", "サービス", {kDelegate, "*.read", "*.confidential", "*.write", "rounds.readSnapshot"}},
      {"auditor", "監査担当者", {"revisions.read", "access.read", "accessLog.read"}},
  };
  return roles;
}

bool IsReservedId(absl::string_view id) {
  return id == "admin" || id == "system" || id == "operator" || absl::StartsWith(id, "service-");
}

const ShippedRole& RoleForServices() {
  for (const ShippedRole& role : ShippedRoles()) {
    if (role.permissions.front() == kDelegate) return role;
  }
  std::abort();
}

}  // namespace tsunagu::access
