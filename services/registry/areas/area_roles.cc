#include "services/registry/areas/area_roles.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/tx.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/registry/areas/area_changes.h"
#include "services/registry/areas/area_kind.h"
#include "services/registry/rules/area_role.h"
#include "tsunagu/registry/v1/area_role.pb.h"

namespace tsunagu::registry {
namespace {

using contract::Where;
using v1::AreaRole;

// A city has one status on a day. A writer that gives it a status locks the same guard.
template <typename M>
absl::Status RefuseTwoStatuses(const store::Decision<M>& decision, absl::string_view field, const AreaRole& role) {
  const auto others = rules::StatusesBeside(role.role());
  const jp::Period days = contract::Schema::Of(AreaRole::descriptor()).PeriodOf(role);
  if (others.empty() || !days.valid()) return absl::OkStatus();
  RETURN_IF_ERROR(decision.tx().Guard("city status", role.area()));
  Where is_other = Where::None();
  for (const v1::AreaRoleKind other : others) is_other = is_other || Where("role", other);
  ASSIGN_OR_RETURN(const auto other, decision.template all<AreaRole>().Find(Where("area", role.area()) && is_other &&
                                                                            Where::Overlapping(days)));
  if (!other) return absl::OkStatus();
  return decision.AddConflict(field, "CITY_HAS_OTHER_STATUS"_reason, "CITY_HAS_OTHER_STATUS_UNSEEN"_reason, *other);
}

absl::Status DecideAreaRole(const store::Decision<AreaRole>& decision) {
  const AreaRole& role = decision.after();
  ASSIGN_OR_RETURN(const absl::optional<v1::Area> area, ReadStayingArea(decision.tx(), role.area()));
  if (!area) return absl::OkStatus();
  rules::CheckAreaRole(role, *area, decision.faults());
  RETURN_IF_ERROR(DecideStaysInArea(decision, "area", &AreaRole::area));
  return RefuseTwoStatuses(decision, "role", role);
}

}  // namespace

void AddAreaRoles(Service& service) {
  BindStandard(service, "tsunagu.registry.v1.AreaRoleService", service.Add<AreaRole>().Rule(DecideAreaRole));
}

absl::Status DecideOwnRole(const store::Decision<v1::Area>& decision) {
  const v1::Area& area = decision.after();
  if (area.kind() != v1::AREA_KIND_DESIGNATED_CITY) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool has_it, decision.all<AreaRole>().Any(Where("area", area.name()) &&
                                                                   Where("role", v1::AREA_ROLE_KIND_DESIGNATED_CITY)));
  if (has_it) return absl::OkStatus();
  AreaRole role;
  role.set_area(area.name());
  role.set_role(v1::AREA_ROLE_KIND_DESIGNATED_CITY);
  if (area.has_valid_from_date()) *role.mutable_valid_from_date() = area.valid_from_date();
  if (area.has_valid_to_date()) *role.mutable_valid_to_date() = area.valid_to_date();
  RETURN_IF_ERROR(RefuseTwoStatuses(decision, "kind", role));
  decision.Then([role, id = absl::StrCat("designated-city-", area.code())](store::Tx& tx) mutable {
    return store::Records<AreaRole>::Insert(tx, id, role);
  });
  return absl::OkStatus();
}

}  // namespace tsunagu::registry
