#include "services/matching/roles.h"

namespace tsunagu::matching {

absl::Span<const access::ShippedRole> Roles() {
  // Version 1 was the same in every service, and held what others permit.
  static const auto& roles = *new std::vector<access::ShippedRole>{
      {"prefecture-officer",
       "都道府県担当者",
       2,
       {"openings.*", "legalBases.*", "rounds.*", "rows.*", "revisions.read", "changes.read", "due.read", "operations.*"},
       {"areas.read", "coordinators.*", "facilities.*", "nurses.*", "openings.*", "placements.*", "rounds.*", "rows.*",
        "revisions.read", "changes.read", "operations.*"}},
      {"municipality-officer",
       "市区町村担当者",
       2,
       {"openings.read", "legalBases.read", "rows.*", "due.read"},
       {"areas.read", "coordinators.*", "facilities.read", "facilities.write", "openings.read", "placements.*",
        "rows.*"}},
      {"matching-operator",
       "マッチング担当者",
       2,
       {"openings.*", "legalBases.read", "legalBases.refuse", "rounds.*", "rows.*", "changes.read", "operations.*"},
       {"areas.read", "facilities.read", "nurses.*", "openings.*", "rounds.*", "rows.*", "changes.read",
        "operations.*"}},
      {"centre-staff",
       "医療的ケア児支援センター職員",
       2,
       {"openings.read"},
       {"areas.read", "facilities.read", "openings.read"}},
      {"facility-manager",
       "事業所管理者",
       2,
       {"openings.*"},
       {"areas.read", "facilities.read", "facilities.write", "openings.*"}},
      {"integrator",
       "連携システム",
       2,
       {"openings.*", "rows.*", "changes.read"},
       {"areas.read", "facilities.*", "openings.*", "nurses.read", "nurses.write", "rows.*", "changes.read"}},
  };
  return roles;
}

}  // namespace tsunagu::matching
