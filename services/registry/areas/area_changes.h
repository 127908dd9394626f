#ifndef TSUNAGU_SERVICES_REGISTRY_AREA_CHANGES_H_
#define TSUNAGU_SERVICES_REGISTRY_AREA_CHANGES_H_

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/rule.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// Changes of areas: the days of the areas follow from them (docs/adr/0050).
void AddAreaChanges(Service& service);

// Errors: the days of an area contradict a change, or the area would end before something in it has ended.
absl::Status DecideAreaDays(const store::Decision<v1::Area>& decision);

// Adds a fault at `field` if `area` does not exist on all of `days`. The fault names the successor areas, if a change
// states them: AREA_MERGED_AWAY, AREA_ENDED, AREA_NOT_YET_THERE. A name that is not an area is ignored.
absl::Status CheckAreaOn(store::Tx& tx, absl::string_view field, const std::string& area, const jp::Period& days,
                         Faults& faults);

// Errors: the area of a record, in `field`, does not exist on all of the record's days. A writer that ends the area
// locks the same guard.
template <typename M>
absl::Status DecideStaysInArea(const store::Decision<M>& decision, absl::string_view field,
                               const std::string& (M::*area_of)() const) {
  const contract::Schema& schema = contract::Schema::Of(M::descriptor());
  const std::string& area = (decision.after().*area_of)();
  const jp::Period days = schema.PeriodOf(decision.after());
  if (decision.before() != nullptr && (decision.before()->*area_of)() == area) {
    const jp::Period before = schema.PeriodOf(*decision.before());
    if (before.from <= days.from && days.to <= before.to) return absl::OkStatus();
  }
  RETURN_IF_ERROR(decision.tx().Guard("area days", area));
  return CheckAreaOn(decision.tx(), field, area, days, decision.faults());
}

// Errors: a record newly names an area, in `field`, that does not exist today or, if the record's days are elsewhere,
// on the nearest of those days. Takes no guard: an area may end while records name it, so it makes no difference which
// of the two changes came first.
template <typename M>
absl::Status DecideNamesArea(const store::Decision<M>& decision, absl::string_view field,
                             const std::string& (M::*area_of)() const) {
  const std::string& area = (decision.after().*area_of)();
  if (area.empty() || (decision.before() != nullptr && (decision.before()->*area_of)() == area))
    return absl::OkStatus();
  const jp::Period days = contract::Schema::Of(M::descriptor()).PeriodOf(decision.after());
  const jp::CivilDay day = std::min(std::max(decision.today(), days.from), days.to);
  return CheckAreaOn(decision.tx(), field, area, {day, day}, decision.faults());
}

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_AREA_CHANGES_H_
