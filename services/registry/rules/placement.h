#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_PLACEMENT_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_PLACEMENT_H_

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/jp/period.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::registry::rules {

// The last day on which `record` holds; jp::kLastDay where it goes on, or says no day that there is.
template <typename Record>
jp::CivilDay LastDay(const Record& record) {
  const bool ends = record.has_valid_to_date() && jp::CheckDate(record.valid_to_date()).ok();
  return ends ? jp::DayOf(record.valid_to_date()) : jp::kLastDay;
}

// Adds what is wrong with a placement by itself: OTHER_DUTY_UNWANTED, TERRITORY_REPEATED.
void CheckPlacement(const v1::Placement& placement, Faults& faults);

// Adds COORDINATOR_ENDED where `placement` outlasts `coordinator`, who is placed.
void CheckDays(const v1::Placement& placement, const v1::Coordinator& coordinator, Faults& faults);

// Adds what is wrong with handing `before` over so, beyond what is wrong with the placement that would begin:
// PERIOD_ENDS_BEFORE_START, NOTHING_TO_HAND_OVER, SUCCESSOR_IS_HOLDER.
void CheckHandOver(const v1::Placement& before, const v1::MovePlacementRequest& request, Faults& faults);

// What becomes of `before`, and what begins. Where the day is one on which it cannot be handed over, what begins has
// days of `before` all the same, so that everything else about it can be judged.
struct HandOver {
  v1::Placement ended, next;
};
HandOver HandOverOf(const v1::Placement& before, const v1::MovePlacementRequest& request);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_PLACEMENT_H_
