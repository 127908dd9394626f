#include "services/registry/module.h"

#include <memory>

#include "common/access/access.h"
#include "common/access/coded_places.h"
#include "common/access/table_places.h"
#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/registry/areas/area_changes.h"
#include "services/registry/areas/area_kind.h"
#include "services/registry/areas/area_roles.h"
#include "services/registry/councils/councils.h"
#include "services/registry/facilities/employments.h"
#include "services/registry/facilities/nurse_handover.h"
#include "services/registry/layouts.h"
#include "services/registry/placements/joint_groups.h"
#include "services/registry/placements/placements.h"
#include "services/registry/placements/trainings.h"
#include "services/registry/publications/publications.h"
#include "services/registry/roles.h"
#include "services/registry/rules/area.h"
#include "services/registry/rules/identifier.h"
#include "services/registry/rules/nurse.h"
#include "services/registry/rules/region.h"
#include "services/registry/surveys/survey.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"
#include "tsunagu/registry/v1/reason.pb.h"
#include "tsunagu/registry/v1/region.pb.h"
#include "tsunagu/registry/v1/region_member.pb.h"
#include "tsunagu/registry/v1/service_kind.pb.h"

namespace tsunagu::registry {
namespace {

absl::Status DecideArea(const store::Decision<v1::Area>& decision) {
  rules::CheckArea(decision.after(), decision.faults());
  RETURN_IF_ERROR(DecideAreaDays(decision));
  RETURN_IF_ERROR(DecideAreaKind(decision));
  return DecideOwnRole(decision);
}

absl::Status DecideFacility(const store::Decision<v1::Facility>& decision) {
  RETURN_IF_ERROR(DecideNamesArea(decision, "area", &v1::Facility::area));
  for (const std::string& identifier : decision.after().identifiers()) {
    rules::CheckIdentifier(identifier, decision.faults());
    bool told = false;
    RETURN_IF_ERROR(decision.all().ForEach(contract::Where("identifiers", identifier),
                                           [&](const v1::Facility& other) -> absl::Status {
                                             if (told || other.name() == decision.after().name())
                                               return absl::OkStatus();
                                             told = true;
                                             return decision.AddConflict("identifiers", "REPEATED_IDENTIFIER"_reason,
                                                                         "REPEATED_IDENTIFIER_UNSEEN"_reason, other);
                                           }));
  }
  return absl::OkStatus();
}

absl::Status DecideRegion(const store::Decision<v1::Region>& decision) {
  rules::CheckRegion(decision.after(), decision.faults());
  return absl::OkStatus();
}

absl::Status DecideRegionMember(const store::Decision<v1::RegionMember>& decision) {
  RETURN_IF_ERROR(DecideStaysInArea(decision, "area", &v1::RegionMember::area));
  const auto region = decision.all<v1::Region>().Get(decision.after().region());
  if (absl::IsNotFound(region.status()) || absl::IsInvalidArgument(region.status()))
    return absl::OkStatus();  // already reported
  RETURN_IF_ERROR(region.status());
  rules::CheckRegionMember(decision.after(), *region, decision.faults());
  return absl::OkStatus();
}

absl::Status DecideNurse(const store::Decision<v1::Nurse>& decision) {
  rules::CheckNurse(decision.after(), decision.faults());
  return DecideNamesArea(decision, "home_area", &v1::Nurse::home_area);
}

// An erased nurse must not be matched.
void WhenErased(v1::Nurse& nurse) { nurse.set_seeking(false); }

}  // namespace

void Build(Service& service) {
  Reason::Declare(v1::Reason_descriptor());
  service.access().Ship(Roles());
  service.access().SetPlaces(
      std::make_unique<access::TablePlaces>(service.store(), std::make_unique<access::CodedPlaces>("areas")));

  Resource& areas = service.Add<v1::Area>().Rule(DecideArea);
  areas.formats = {CodeListLayout(service)};
  BindStandard(service, "tsunagu.registry.v1.AreaService", areas);

  BindStandard(service, "tsunagu.registry.v1.RegionService", service.Add<v1::Region>().Rule(DecideRegion));
  BindStandard(service, "tsunagu.registry.v1.RegionMemberService",
               service.Add<v1::RegionMember>().Rule(DecideRegionMember));

  AddJointGroups(service);
  AddAreaChanges(service);
  AddAreaRoles(service);

  BindStandard(service, "tsunagu.registry.v1.ServiceKindService", service.Add<v1::ServiceKind>());

  Resource& facilities = service.Add<v1::Facility>().Rule(DecideFacility);
  facilities.formats = {WamNetLayout(service)};
  BindStandard(service, "tsunagu.registry.v1.FacilityService", facilities);

  AddPlacements(service);

  Resource& nurses = service.Add<v1::Nurse>().Rule(DecideNurse).WhenErased(WhenErased);
  BindStandard(service, "tsunagu.registry.v1.NurseService", nurses);
  AddNurseHandover(service);
  AddTrainings(service);
  AddEmployments(service);
  AddSurveys(service);
  AddPublications(service);
  AddCouncils(service);
}

}  // namespace tsunagu::registry
