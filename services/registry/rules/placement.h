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

// Adds COORDINATOR_ENDED where `placement` outlasts `coordinator`, who is placed.
void CheckPlacement(const v1::Placement& placement, const v1::Coordinator& coordinator, Faults& faults);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_PLACEMENT_H_
