#include "services/registry/areas/area_kind.h"

#include "absl/functional/function_ref.h"
#include "common/base/status_macros.h"
#include "common/jp/fiscal_year.h"
#include "common/records/tx.h"
#include "services/registry/rules/area_role.h"
#include "services/registry/rules/council.h"
#include "services/registry/rules/joint_group.h"
#include "tsunagu/registry/v1/area_role.pb.h"
#include "tsunagu/registry/v1/council.pb.h"
#include "tsunagu/registry/v1/joint_group.pb.h"
#include "tsunagu/registry/v1/joint_group_member.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/plan_target.pb.h"

namespace tsunagu::registry {
namespace {

using contract::Where;

// `check` compares the area with a record as if it were entered now. If several records do not fit, one is reported.
template <typename N>
absl::Status RefuseUnfit(const store::Decision<v1::Area>& decision, const Where& here,
                         absl::FunctionRef<void(const N&, Faults&)> check) {
  bool told = false;
  return decision.all<N>().ForEach(here, [&](const N& other) -> absl::Status {
    Faults unfit;
    if (!told) check(other, unfit);
    if (unfit.empty()) return absl::OkStatus();
    told = true;
    return decision.AddConflict("kind", "AREA_KIND_IN_USE"_reason, "AREA_KIND_IN_USE_UNSEEN"_reason, other);
  });
}

absl::Status RefuseWhatNeedsABody(const store::Decision<v1::Area>& decision, const Where& goes_on) {
  const v1::Area& area = decision.after();
  const auto check = [&](const auto&, Faults& faults) { rules::CheckBody(area, "kind", faults); };
  const int this_year = jp::FiscalYear::Of(decision.today()).year();
  RETURN_IF_ERROR(RefuseUnfit<v1::Placement>(decision, goes_on && Where("body", area.name()), check));
  RETURN_IF_ERROR(RefuseUnfit<v1::Council>(
      decision, goes_on && (Where("convener", area.name()) || Where("areas", area.name())), check));
  return RefuseUnfit<v1::PlanTarget>(decision, Where("body", area.name()),
                                     [&](const v1::PlanTarget& target, Faults& faults) {
                                       if (target.fiscal_year() >= this_year) check(target, faults);
                                     });
}

}  // namespace

absl::Status DecideAreaKind(const store::Decision<v1::Area>& decision) {
  const v1::Area& area = decision.after();
  if (decision.before() == nullptr || decision.before()->kind() == area.kind()) return absl::OkStatus();
  RETURN_IF_ERROR(GuardAreas(decision.tx(), {area.name()}));
  const Where goes_on = Where::Overlapping({decision.today(), jp::kLastDay});
  RETURN_IF_ERROR(RefuseUnfit<v1::AreaRole>(
      decision, goes_on && Where("area", area.name()),
      [&](const v1::AreaRole& role, Faults& faults) { rules::CheckAreaRole(role, area, faults); }));
  RETURN_IF_ERROR(RefuseUnfit<v1::JointGroupMember>(
      decision, goes_on && Where("area", area.name()), [&](const v1::JointGroupMember&, Faults& faults) {
        rules::CheckJointGroupMember(area, v1::JointGroup(), faults);  // a new kind does not move it to another
                                                                       // prefecture
      }));
  return RefuseWhatNeedsABody(decision, goes_on);
}

absl::Status GuardAreas(store::Tx& tx, const std::vector<std::string>& names) {
  std::vector<store::GuardKey> guards;
  for (const std::string& name : names) guards.push_back({"area days", name});
  return tx.Guard(std::move(guards));
}

absl::StatusOr<absl::optional<v1::Area>> ReadStayingArea(store::Tx& tx, const std::string& name) {
  RETURN_IF_ERROR(GuardAreas(tx, {name}));
  const auto area = store::Records<v1::Area>::All(tx).Get(name);
  if (absl::IsNotFound(area.status()) || absl::IsInvalidArgument(area.status())) return absl::optional<v1::Area>();
  RETURN_IF_ERROR(area.status());
  return absl::make_optional(*area);
}

absl::Status CheckBodyStays(store::Tx& tx, const std::string& name, const std::string& field, Faults& faults) {
  ASSIGN_OR_RETURN(const absl::optional<v1::Area> area, ReadStayingArea(tx, name));
  if (area) rules::CheckBody(*area, field, faults);
  return absl::OkStatus();
}

}  // namespace tsunagu::registry
