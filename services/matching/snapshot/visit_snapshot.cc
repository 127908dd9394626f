#include "services/matching/snapshot/visit_snapshot.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "services/matching/snapshot/snapshot.h"

namespace tsunagu::matching {
namespace {

template <typename Row>
auto OrderOf(const Row& row) {
  return std::tuple(row.holidays(), row.half_day());
}

// By kind of week and half-day, each once.
template <typename Rows>
void SortHalfDays(Rows& rows, const char* field, const std::string& name, Faults& faults) {
  std::sort(rows.pointer_begin(), rows.pointer_end(),
            [](const auto* a, const auto* b) { return OrderOf(*a) < OrderOf(*b); });
  for (int i = 1; i < rows.size(); ++i) {
    if (OrderOf(rows.Get(i)) != OrderOf(rows.Get(i - 1))) continue;
    faults.Add(field, "DUPLICATE_PARTICIPANT"_reason, {{"name", name}});
    return;
  }
}

template <typename Row>
int32_t SlotOf(const Row& row) {
  return row.half_day() - 1 + (row.holidays() ? market::kSlotsOfWeek : 0);
}

rules::Opening HalfDayOf(const rules::Opening& opening, const v1::SnapshotHalfDay& row) {
  rules::Opening half_day = opening;
  half_day.posts = row.posts();
  half_day.required_skills = Bits(row.required_skills());
  half_day.weekly_minutes = 0;  // the hours of a nurse are for her supplier to decide
  half_day.max_weekly_minutes = std::numeric_limits<int32_t>::max();
  half_day.half_days = {};
  return half_day;
}

// Does not set the facilities.
rules::Nurse ToRules(const v1::SnapshotSupply& row) {
  rules::Nurse supply;
  supply.name = row.name();
  supply.licences = uint32_t{1} << (row.licence() & 31);
  supply.skills = Bits(row.skills());
  supply.home = {row.latitude_e6(), row.longitude_e6()};
  supply.commute_limit_metres = row.reach_metres();
  if (row.has_available_from_date()) supply.available_from = jp::DayOf(row.available_from_date());
  return supply;
}

market::VisitLimits LimitsOf(const v1::SnapshotSupply& row) {
  market::VisitLimits limits;
  for (const v1::SnapshotSupply::Given& given : row.given()) limits.at_once[SlotOf(given)] = given.visit_count();
  limits.weekly = {row.school_visit_count(), row.holiday_visit_count()};
  limits.all = row.all_visit_count();
  return limits;
}

}  // namespace

bool IsOfVisits(const v1::Round& round) { return round.opening_kind() == v1::OPENING_KIND_VISIT; }

jp::Period VisitDaysOf(const v1::Round& round) {
  return {jp::DayOf(round.as_of_date()), round.has_visits_to_date() ? jp::DayOf(round.visits_to_date()) : jp::kLastDay};
}

absl::Status CanonicaliseVisits(const v1::Round& round, v1::Snapshot& snapshot) {
  const bool has_visits = std::any_of(snapshot.openings().begin(), snapshot.openings().end(),
                                      [](const v1::SnapshotOpening& opening) { return opening.visits_size() > 0; });
  if (!IsOfVisits(round)) {
    return has_visits || snapshot.supplies_size() > 0 ? Fail("ROUND_NOT_OF_VISITS"_reason) : absl::OkStatus();
  }
  if (snapshot.nurses_size() > 0) return Fail("ROUND_OF_VISITS"_reason);
  Faults faults;
  if (snapshot.commute_rules_size() > 0) faults.Add("snapshot.commute_rules", "VISITS_GO_STRAIGHT"_reason);
  if (snapshot.travel_times_size() > 0) faults.Add("snapshot.travel_times", "VISITS_GO_STRAIGHT"_reason);
  auto& supplies = *snapshot.mutable_supplies();
  std::sort(supplies.pointer_begin(), supplies.pointer_end(),
            [](const auto* a, const auto* b) { return a->name() < b->name(); });
  for (int i = 0; i < supplies.size(); ++i) {
    SortHalfDays(*supplies[i].mutable_given(), "snapshot.supplies", supplies[i].name(), faults);
    if (i == 0 || supplies[i].name() != supplies[i - 1].name()) continue;
    faults.Add("snapshot.supplies", "DUPLICATE_PARTICIPANT"_reason, {{"name", supplies[i].name()}});
  }
  for (v1::SnapshotOpening& opening : *snapshot.mutable_openings()) {
    if (opening.visits_size() == 0) faults.Add("snapshot.openings", "HALF_DAYS_MISSING"_reason);
    SortHalfDays(*opening.mutable_visits(), "snapshot.openings", opening.name(), faults);
  }
  return faults.ToStatus();
}

std::vector<WantedVisit> WantedVisitsOf(const v1::Snapshot& snapshot) {
  std::vector<WantedVisit> wanted;
  for (int32_t i = 0; i < snapshot.openings_size(); ++i) {
    for (int32_t visit = 0; visit < snapshot.openings(i).visits_size(); ++visit) wanted.push_back({i, visit});
  }
  return wanted;
}

rules::Visits ToVisits(const v1::Snapshot& snapshot, int64_t seed) {
  rules::Instance whole = ToInstance(snapshot, seed);
  rules::Visits visits;
  visits.instance.seed = whole.seed;
  std::map<std::string, int32_t> facilities;
  std::map<int32_t, std::vector<int32_t>> half_days_of_facility;
  std::vector<std::vector<int32_t>> half_days_of(whole.openings.size());
  for (const WantedVisit& wanted : WantedVisitsOf(snapshot)) {
    const v1::SnapshotOpening& opening = snapshot.openings(wanted.opening);
    const v1::SnapshotHalfDay& row = opening.visits(wanted.visit);
    const auto half_day = static_cast<int32_t>(visits.slots.size());
    const int32_t facility = whole.openings[wanted.opening].facility;
    facilities[opening.facility()] = facility;
    half_days_of_facility[facility].push_back(half_day);
    half_days_of[wanted.opening].push_back(half_day);
    visits.instance.openings.push_back(HalfDayOf(whole.openings[wanted.opening], row));
    visits.slots.push_back(SlotOf(row));
    visits.wanted_kinds.push_back(opening.supplier());
  }
  for (const v1::SnapshotSupply& row : snapshot.supplies()) {
    rules::Nurse& supply = visits.instance.nurses.emplace_back(ToRules(row));
    visits.kinds.push_back(row.kind());
    visits.limits.push_back(LimitsOf(row));
    for (const std::string& name : row.unwanted_facilities()) {
      const auto found = facilities.find(name);
      if (found != facilities.end()) supply.unwanted.push_back(found->second);
    }
    std::sort(supply.unwanted.begin(), supply.unwanted.end());
    for (const std::string& name : row.wishes()) {
      const auto found = facilities.find(name);
      if (found == facilities.end()) continue;
      const std::vector<int32_t>& half_days = half_days_of_facility[found->second];
      supply.wishes.insert(supply.wishes.end(), half_days.begin(), half_days.end());
    }
  }
  for (const rules::Cap& cap : whole.caps) {
    rules::Cap& wide = visits.instance.caps.emplace_back();
    wide.limit = cap.limit;
    wide.least = cap.least;
    for (const int32_t opening : cap.openings) {
      wide.openings.insert(wide.openings.end(), half_days_of[opening].begin(), half_days_of[opening].end());
    }
  }
  return visits;
}

}  // namespace tsunagu::matching
