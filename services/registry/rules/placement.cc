#include "services/registry/rules/placement.h"

namespace tsunagu::registry::rules {

void CheckPlacement(const v1::Placement& placement, const v1::Coordinator& coordinator, Faults& faults) {
  const jp::CivilDay last = LastDay(coordinator);
  if (LastDay(placement) <= last) return;
  faults.Add("valid_to_date", "COORDINATOR_ENDED"_reason, {{"date", jp::FormatIso(last)}});
}

}  // namespace tsunagu::registry::rules
