#include "services/registry/roles.h"

#include "common/access/policy.h"

namespace tsunagu::registry {

absl::Span<const access::ShippedRole> Roles() {
  // What a resource's own officer does with it: nurses.identity and nurses.confidential unmask, with a purpose. Version 1
  // was the same in every service, and held what others permit.
  static const auto& roles = *new std::vector<access::ShippedRole>{
      {"prefecture-officer",
       "都道府県担当者",
       4,
       {"areas.read", "areaChanges.read", "areaRoles.*", "coordinators.*", "coordinatorTrainings.*", "facilities.*",
        "jointGroups.*", "jointGroupMembers.*", "nurses.*", "nurseEmployments.*", "nurseTrainings.*", "placements.*", "regions.*",
        "regionMembers.*", "rows.*",
        "revisions.read", "serviceKinds.*", "changes.read", "due.read", "operations.*", "councils.*",
        "meetings.*", "localIssues.*", "planTargets.*", "publications.*", "surveyForms.*", "surveyRounds.*",
        "surveyResponses.*"},
       {"areas.read", "coordinators.*", "facilities.*", "nurses.*", "openings.*", "placements.*", "rounds.*", "rows.*",
        "revisions.read", "changes.read", "operations.*"}},
      {"municipality-officer",
       "市区町村担当者",
       4,
       {"areas.read", "areaChanges.read", "areaRoles.read", "coordinators.*", "coordinatorTrainings.*", "facilities.read",
        "facilities.write", "jointGroups.read", "jointGroupMembers.read", "placements.*", "rows.*", "serviceKinds.read",
        "due.read", "councils.*", "meetings.*", "localIssues.*", "planTargets.*", "surveyForms.read",
        "surveyResponses.read", "surveyResponses.write"},
       {"areas.read", "coordinators.*", "facilities.read", "facilities.write", "openings.read", "placements.*",
        "rows.*"}},
      {"matching-operator",
       "マッチング担当者",
       3,
       {"areas.read", "facilities.read", "nurses.*", "nurseEmployments.*", "nurseTrainings.*", "rows.*", "serviceKinds.read", "changes.read",
        "operations.*"},
       {"areas.read", "facilities.read", "nurses.*", "openings.*", "rounds.*", "rows.*", "changes.read",
        "operations.*"}},
      {"centre-staff",
       "医療的ケア児支援センター職員",
       2,
       {"areas.read", "facilities.read", "publications.read", "serviceKinds.read"},
       {"areas.read", "facilities.read", "openings.read"}},
      {"facility-manager",
       "事業所管理者",
       2,
       {"areas.read", "facilities.read", "facilities.write", "serviceKinds.read"},
       {"areas.read", "facilities.read", "facilities.write", "openings.*"}},
      {"coordinator",
       "コーディネーター",
       1,
       {"areas.read", "coordinators.read", "coordinators.identity", "coordinators.confidential",
        "coordinatorTrainings.read", "facilities.read", "placements.read"}},
      {"nurse",
       "看護職員",
       2,
       {"areas.read", "facilities.read", "nurses.read", "nurses.identity", "nurses.confidential", "nurseEmployments.read",
        "nurseTrainings.read"},
       {"areas.read", "facilities.read", "nurses.read", "nurses.identity", "nurses.confidential"}},
      // What other services learn without a person: how places lie in one another.
      access::RoleForServices({"areas.read", "regions.read", "regionMembers.read", "changes.read"}),
      {"integrator",
       "連携システム",
       2,
       {"areas.read", "facilities.*", "nurses.read", "nurses.write", "rows.*", "serviceKinds.read", "changes.read"},
       {"areas.read", "facilities.*", "openings.*", "nurses.read", "nurses.write", "rows.*", "changes.read"}},
  };
  return roles;
}

}  // namespace tsunagu::registry
