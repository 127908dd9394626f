#include "services/registry/placements/placements.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/rule.h"
#include "common/service/change_newest.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/registry/areas/area_changes.h"
#include "services/registry/areas/area_kind.h"
#include "services/registry/placements/joint_groups.h"
#include "services/registry/placements/placement_report.h"
#include "services/registry/rules/placement.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::registry {
namespace {

using v1::Placement;

// A writer that ends a coordinator and one that places her lock the same guard, so that each sees the other's change.
absl::Status GuardDays(store::Tx& tx, const std::string& coordinator) {
  return tx.Guard("coordinator days", coordinator);
}

jp::Period PeriodOf(const Placement& placement) {
  return contract::Schema::Of(Placement::descriptor()).PeriodOf(placement);
}

// A place that a placement names, and the field that names it.
struct Named {
  std::string field, area;
};

std::vector<Named> AreasOf(const Placement& placement) {
  std::vector<Named> named = {{"body", placement.body()}};
  for (int i = 0; i < placement.territory_size(); ++i) {
    named.push_back({absl::StrCat("territory[", i, "]"), placement.territory(i)});
  }
  return named;
}

// The body and the territory must exist on each day, and the body must be a body. A writer that ends an area, or
// changes its kind, locks the same guard.
absl::Status DecideStaysInAreas(const store::Decision<Placement>& decision) {
  const jp::Period days = PeriodOf(decision.after());
  std::vector<Named> looked_at = AreasOf(decision.after());
  if (decision.before() != nullptr) {
    const jp::Period before = PeriodOf(*decision.before());
    const std::vector<Named> were = AreasOf(*decision.before());
    const auto is_known = [&](const Named& named) {
      return std::any_of(were.begin(), were.end(), [&](const Named& was) { return was.area == named.area; });
    };
    const bool is_longer = days.from < before.from || before.to < days.to;
    if (!is_longer) looked_at.erase(std::remove_if(looked_at.begin(), looked_at.end(), is_known), looked_at.end());
  }
  std::vector<store::GuardKey> guards;
  for (const Named& named : looked_at) guards.push_back({"area days", named.area});
  if (!guards.empty()) RETURN_IF_ERROR(decision.tx().Guard(std::move(guards)));
  for (const Named& named : looked_at) {
    RETURN_IF_ERROR(CheckAreaOn(decision.tx(), named.field, named.area, days, decision.faults()));
    if (named.field == "body") {
      RETURN_IF_ERROR(CheckBodyStays(decision.tx(), named.area, named.field, decision.faults()));
    }
  }
  return absl::OkStatus();
}

absl::Status DecidePlacement(const store::Decision<Placement>& decision) {
  const Placement& placement = decision.after();
  rules::CheckPlacement(placement, decision.faults());
  RETURN_IF_ERROR(DecideStaysInAreas(decision));
  RETURN_IF_ERROR(DecideJointPlacement(decision));
  const bool is_longer = decision.before() == nullptr || rules::LastDay(placement) > rules::LastDay(*decision.before());
  if (!is_longer) return absl::OkStatus();
  RETURN_IF_ERROR(GuardDays(decision.tx(), placement.coordinator()));
  const auto coordinator = decision.all<v1::Coordinator>().Get(placement.coordinator());
  if (absl::IsNotFound(coordinator.status()) || absl::IsInvalidArgument(coordinator.status())) {
    return absl::OkStatus();  // already reported
  }
  RETURN_IF_ERROR(coordinator.status());
  rules::CheckDays(placement, *coordinator, decision.faults());
  return absl::OkStatus();
}

absl::Status DecideCoordinator(const store::Decision<v1::Coordinator>& decision) {
  if (decision.before() == nullptr) return absl::OkStatus();  // a new coordinator has no placements
  const jp::CivilDay last = rules::LastDay(decision.after());
  if (last >= rules::LastDay(*decision.before())) return absl::OkStatus();
  RETURN_IF_ERROR(GuardDays(decision.tx(), decision.after().name()));
  bool told = false;
  return decision.all<Placement>().ForEach(contract::Where("coordinator", decision.after().name()),
                                           [&](const Placement& placement) -> absl::Status {
                                             if (told || rules::LastDay(placement) <= last) return absl::OkStatus();
                                             told = true;
                                             return decision.AddConflict("valid_to_date", "PLACEMENT_GOES_ON"_reason,
                                                                         "PLACEMENT_GOES_ON_UNSEEN"_reason, placement);
                                           });
}

// Ends `before`, begins the next placement, and returns it.
absl::StatusOr<Placement> HandOver(store::Tx& tx, const v1::MovePlacementRequest& request, const Placement& before) {
  Faults faults;
  rules::CheckHandOver(before, request, faults);
  rules::HandOver hand_over = rules::HandOverOf(before, request);
  tx.Assume(hand_over.next.succession());  // the caller may no longer reach it
  const auto add = [&](const absl::Status& status) {
    if (!absl::IsInvalidArgument(status)) return status;
    faults.Add("", status);
    return absl::OkStatus();
  };
  // Other faults are reported even if there is a fault already; nothing is stored then.
  if (request.coordinator() != before.coordinator()) {
    RETURN_IF_ERROR(add(store::Records<Placement>::Insert(tx, tx.NewId(), hand_over.next)));
  }
  if (faults.empty()) RETURN_IF_ERROR(add(OrOvertaken(store::Records<Placement>::Update(tx, before, hand_over.ended))));
  RETURN_IF_ERROR(faults.ToStatus());
  return hand_over.next;
}

absl::StatusOr<Placement> MovePlacement(Service& service, const rpc::Call& call,
                                        const v1::MovePlacementRequest& request) {
  Placement next;
  RETURN_IF_ERROR(ChangeNewest(service, call, "placements", request, next, [&](store::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Placement before, store::Records<Placement>(tx).Get(request.name()));
    if (!request.etag().empty() && request.etag() != before.etag()) return Fail("ETAG_MISMATCH"_reason);
    const jp::CivilDay last = rules::LastDay(before);
    if (last < service.Today()) return Fail("PERIOD_OVER"_reason, {{"date", jp::FormatIso(last)}});
    ASSIGN_OR_RETURN(next, HandOver(tx, request, before));
    return absl::OkStatus();
  }));
  return next;
}

}  // namespace

void AddPlacements(Service& service) {
  BindStandard(service, "tsunagu.registry.v1.CoordinatorService",
               service.Add<v1::Coordinator>().Rule(DecideCoordinator));
  BindStandard(service, "tsunagu.registry.v1.PlacementService", service.Add<Placement>().Rule(DecidePlacement))
      .Unary("MovePlacement", [&service](rpc::Call& call, const v1::MovePlacementRequest& request) {
        return MovePlacement(service, call, request);
      });
  BindReport(service, "tsunagu.registry.v1.PlacementReportService/GetPlacementReport", ReportPlacements);
  service.AddDue({"placements.read", CollectEndingPlacements});
}

}  // namespace tsunagu::registry
