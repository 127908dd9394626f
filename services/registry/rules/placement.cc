#include "services/registry/rules/placement.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"

namespace tsunagu::registry::rules {

void CheckPlacement(const v1::Placement& placement, Faults& faults) {
  if (!placement.other_duty().empty() && placement.duty() != v1::PLACEMENT_DUTY_CONCURRENT) {
    faults.Add("other_duty", "OTHER_DUTY_UNWANTED"_reason);
  }
  std::set<std::string> seen;
  for (int i = 0; i < placement.territory_size(); ++i) {
    if (seen.insert(placement.territory(i)).second) continue;
    faults.Add(absl::StrCat("territory[", i, "]"), "TERRITORY_REPEATED"_reason, {{"area", placement.territory(i)}});
  }
}

void CheckDays(const v1::Placement& placement, const v1::Coordinator& coordinator, Faults& faults) {
  const jp::CivilDay last = LastDay(coordinator);
  if (LastDay(placement) <= last) return;
  faults.Add("valid_to_date", "COORDINATOR_ENDED"_reason, {{"date", jp::FormatIso(last)}});
}

void CheckHandOver(const v1::Placement& before, const v1::MovePlacementRequest& request, Faults& faults) {
  const jp::CivilDay end = jp::DayOf(request.end_date()), last = LastDay(before);
  if (end < jp::DayOf(before.valid_from_date())) faults.Add("end_date", "PERIOD_ENDS_BEFORE_START"_reason);
  if (end >= last) faults.Add("end_date", "NOTHING_TO_HAND_OVER"_reason, {{"date", jp::FormatIso(last)}});
  if (request.coordinator() == before.coordinator()) faults.Add("coordinator", "SUCCESSOR_IS_HOLDER"_reason);
}

HandOver HandOverOf(const v1::Placement& before, const v1::MovePlacementRequest& request) {
  HandOver hand_over{before, {}};
  v1::Placement& ended = hand_over.ended;
  v1::Placement& next = hand_over.next;
  *ended.mutable_valid_to_date() = request.end_date();
  if (ended.succession().empty()) ended.set_succession(ended.name());
  next.set_coordinator(request.coordinator());
  next.set_body(before.body());
  next.set_stage(before.stage());
  next.set_form(before.form());
  next.set_role(before.role());
  *next.mutable_territory() = before.territory();
  next.set_succession(ended.succession());
  const jp::CivilDay first = jp::DayOf(before.valid_from_date()), last = LastDay(before);
  const jp::CivilDay end = jp::DayOf(request.end_date());
  *next.mutable_valid_from_date() = jp::ToDate(end >= last ? last : std::max(end + 1, first));
  if (before.has_valid_to_date()) *next.mutable_valid_to_date() = before.valid_to_date();
  return hand_over;
}

}  // namespace tsunagu::registry::rules
