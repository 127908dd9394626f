#include "services/matching/roles.h"

namespace tsunagu::matching {

absl::Span<const access::ShippedRole> Roles() {
  // Version 1 was the same in every service, and included permissions of other services.
  static const auto& roles = *new std::vector<access::ShippedRole>{
      {"prefecture-officer",
       "都道府県担当者",
       2,
       {"openings.*", "legalBases.*", "commuteRules.*", "travelTimes.*", "handovers.read", "proposals.*",
        "recommendations.read", "rounds.*", "rows.*", "revisions.read", "visitContracts.*", "visitSupplies.*",
        "changes.read", "due.read", "operations.*"},
       {"areas.read", "coordinators.*", "facilities.*", "nurses.*", "openings.*", "placements.*", "rounds.*", "rows.*",
        "revisions.read", "changes.read", "operations.*"}},
      {"municipality-officer",
       "市区町村担当者",
       2,
       {"openings.read", "legalBases.read", "commuteRules.read", "travelTimes.read", "rows.*", "due.read",
        "visitContracts.read", "visitSupplies.read"},
       {"areas.read", "coordinators.*", "facilities.read", "facilities.write", "openings.read", "placements.*",
        "rows.*"}},
      {"matching-operator",
       "マッチング担当者",
       2,
       {"openings.*", "legalBases.read", "legalBases.refuse", "commuteRules.read", "travelTimes.read", "handovers.read",
        "proposals.*", "recommendations.read", "rounds.*", "rows.*", "changes.read", "due.read", "operations.*",
        "visitContracts.*", "visitSupplies.*"},
       {"areas.read", "facilities.read", "nurses.*", "openings.*", "rounds.*", "rows.*", "changes.read",
        "operations.*"}},
      {"centre-staff",
       "医療的ケア児支援センター職員",
       2,
       {"openings.read"},
       {"areas.read", "facilities.read", "openings.read"}},
      {"facility-manager",
       "事業所管理者",
       4,
       // A facility learns the nurse's identity once she has consented. A provider that sends nurses acts for itself,
       // or the officer acts for it.
       {"openings.*", "due.read", "proposals.read", "proposals.decide", "proposals.identity", "proposals.withdraw",
        "rounds.explainOwn", "visitContracts.read", "visitContracts.write"},
       {"areas.read", "facilities.read", "facilities.write", "openings.*"}},
      {"nurse",
       "看護職員",
       2,
       {"proposals.read", "proposals.answer", "proposals.confidential", "proposals.identity", "proposals.withdraw",
        "rounds.explainOwn"},
       {"proposals.read", "proposals.answer", "proposals.confidential", "proposals.identity", "proposals.withdraw"}},
      {"integrator",
       "連携システム",
       2,
       {"openings.*", "rows.*", "changes.read"},
       {"areas.read", "facilities.*", "openings.*", "nurses.read", "nurses.write", "rows.*", "changes.read"}},
  };
  return roles;
}

}  // namespace tsunagu::matching
