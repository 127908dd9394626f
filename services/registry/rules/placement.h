#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_PLACEMENT_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_PLACEMENT_H_

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/jp/period.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::registry::rules {

// Returns the last day of `record`; jp::kLastDay if it has no end, or its end is not an existing date.
template <typename Record>
jp::CivilDay LastDay(const Record& record) {
  const bool ends = record.has_valid_to_date() && jp::CheckDate(record.valid_to_date()).ok();
  return ends ? jp::DayOf(record.valid_to_date()) : jp::kLastDay;
}

// Adds the faults in a placement by itself: OTHER_DUTY_UNWANTED, TERRITORY_REPEATED.
void CheckPlacement(const v1::Placement& placement, Faults& faults);

// Adds COORDINATOR_ENDED if `placement` ends after its `coordinator` does.
void CheckDays(const v1::Placement& placement, const v1::Coordinator& coordinator, Faults& faults);

// Adds the faults in the handover of `before`, except those in the placement that would begin:
// PERIOD_ENDS_BEFORE_START, NOTHING_TO_HAND_OVER, SUCCESSOR_IS_HOLDER.
void CheckHandOver(const v1::Placement& before, const v1::MovePlacementRequest& request, Faults& faults);

// The placement that ends, and the one that begins. If `before` cannot be handed over on the requested day, the new
// placement gets days of `before`, so that its other fields can be checked.
struct HandOver {
  v1::Placement ended, next;
};
HandOver HandOverOf(const v1::Placement& before, const v1::MovePlacementRequest& request);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_PLACEMENT_H_
