#include "services/registry/rules/area_change.h"

#include <algorithm>
#include <utility>

#include "services/registry/rules/placement.h"

namespace tsunagu::registry::rules {
namespace {

using Names = google::protobuf::RepeatedPtrField<std::string>;

jp::CivilDay DayOf(const v1::AreaChange& change) { return jp::DayOf(change.effective_date()); }

bool Has(const Names& areas, const std::string& area) {
  return std::find(areas.begin(), areas.end(), area) != areas.end();
}

// Returns the index in `areas`; -1 if it is not one of them.
int IndexOf(const Names& areas, const std::string& area) {
  const auto found = std::find(areas.begin(), areas.end(), area);
  return found == areas.end() ? -1 : static_cast<int>(found - areas.begin());
}

std::set<std::string> SetOf(const Names& areas) { return {areas.begin(), areas.end()}; }

bool HasItsShape(const v1::AreaChange& change) {
  const std::set<std::string> from = SetOf(change.from_areas()), to = SetOf(change.to_areas());
  const bool each_once = static_cast<int>(from.size()) == change.from_areas_size() &&
                         static_cast<int>(to.size()) == change.to_areas_size();
  if (!each_once) return false;
  switch (change.kind()) {
    case v1::AREA_CHANGE_KIND_MERGER:
      return from.size() >= 2 && to.size() == 1;
    case v1::AREA_CHANGE_KIND_ABSORPTION:
      return from.size() >= 2 && to.size() == 1 && from.count(*to.begin()) != 0;
    case v1::AREA_CHANGE_KIND_SPLIT:
      return from.size() == 1 && to.size() >= 2;
    case v1::AREA_CHANGE_KIND_RENAME:
      return from.size() == 1 && from == to;
    case v1::AREA_CHANGE_KIND_CODE:
      return from.size() == 1 && to.size() == 1 && from != to;
    case v1::AREA_CHANGE_KIND_BOUNDARY:
      return from.size() >= 2 && from == to;
    case v1::AREA_CHANGE_KIND_NEW_KIND:
      return from.size() == 1 && to.size() == 1;
    default:
      return true;  // the contract reports it
  }
}

jp::Period DaysOf(const v1::Area& area) {
  return {area.has_valid_from_date() ? jp::DayOf(area.valid_from_date()) : jp::kFirstDay, LastDay(area)};
}

// Returns whether a code on both sides means a different body from then on.
bool MakesNewBodies(const v1::AreaChange& change) {
  return change.kind() == v1::AREA_CHANGE_KIND_MERGER || change.kind() == v1::AREA_CHANGE_KIND_SPLIT;
}

}  // namespace

void CheckAreaChange(const v1::AreaChange& change, Faults& faults) {
  if (!HasItsShape(change)) faults.Add("kind", "AREA_CHANGE_MISSHAPEN"_reason);
  if (change.from_names_size() != change.from_areas_size()) faults.Add("from_names", "AREA_CHANGE_NAMES"_reason);
  if (change.to_names_size() != change.to_areas_size()) faults.Add("to_names", "AREA_CHANGE_NAMES"_reason);
}

bool SayTheSame(const v1::AreaChange& a, const v1::AreaChange& b) {
  if (DayOf(a) != DayOf(b) || SetOf(a.from_areas()) != SetOf(b.from_areas()) ||
      SetOf(a.to_areas()) != SetOf(b.to_areas())) {
    return false;
  }
  return a.kind() == b.kind() || SetOf(a.from_areas()) != SetOf(a.to_areas());
}

absl::optional<jp::CivilDay> EndBecauseOf(const v1::AreaChange& change, const std::string& area) {
  if (change.withdrawn() || !Has(change.from_areas(), area) || Has(change.to_areas(), area)) return absl::nullopt;
  return DayOf(change) - 1;
}

absl::optional<jp::CivilDay> BeginBecauseOf(const v1::AreaChange& change, const std::string& area) {
  if (change.withdrawn() || !Has(change.to_areas(), area) || Has(change.from_areas(), area)) return absl::nullopt;
  return DayOf(change);
}

AreaHistory::AreaHistory(std::vector<v1::AreaChange> changes) : changes_(std::move(changes)) {
  changes_.erase(
      std::remove_if(changes_.begin(), changes_.end(), [](const auto& change) { return change.withdrawn(); }),
      changes_.end());
  std::stable_sort(changes_.begin(), changes_.end(), [](const auto& a, const auto& b) { return DayOf(a) < DayOf(b); });
}

std::set<std::string> AreaHistory::Resolve(const std::string& area, jp::CivilDay as_of, jp::CivilDay target) const {
  const bool forward = as_of <= target;
  // The days between the two on which something changed, in the order of traversal.
  std::vector<jp::CivilDay> days;
  for (const v1::AreaChange& change : changes_) {
    const jp::CivilDay day = DayOf(change);
    const bool between = std::min(as_of, target) < day && day <= std::max(as_of, target);
    if (between && (days.empty() || days.back() != day)) days.push_back(day);
  }
  if (!forward) std::reverse(days.begin(), days.end());
  std::set<std::string> areas = {area};
  for (const jp::CivilDay day : days) {
    std::set<std::string> next;
    for (const std::string& one : areas) {
      bool changed = false;
      for (const v1::AreaChange& change : changes_) {
        const Names& passed = forward ? change.from_areas() : change.to_areas();
        if (DayOf(change) != day || !Has(passed, one)) continue;
        changed = true;
        const Names& reached = forward ? change.to_areas() : change.from_areas();
        next.insert(reached.begin(), reached.end());
      }
      if (!changed) next.insert(one);
    }
    areas = std::move(next);
  }
  return areas;
}

AreaHistory::Meaning AreaHistory::On(const v1::Area& area, jp::CivilDay day) const {
  Meaning meaning{"", DaysOf(area)};
  bool is_named_later = false;
  for (const v1::AreaChange& change : changes_) {
    const int from = IndexOf(change.from_areas(), area.name()), to = IndexOf(change.to_areas(), area.name());
    if (DayOf(change) <= day && to >= 0) {
      meaning.display_name = change.to_names(to);
      if (MakesNewBodies(change) || from < 0) meaning.days.from = DayOf(change);
    } else if (DayOf(change) > day && from >= 0) {
      if (!is_named_later) meaning.display_name = change.from_names(from);
      is_named_later = true;
      if ((MakesNewBodies(change) || to < 0) && DayOf(change) <= meaning.days.to) meaning.days.to = DayOf(change) - 1;
    }
  }
  if (meaning.display_name.empty()) meaning.display_name = area.display_name();
  return meaning;
}

}  // namespace tsunagu::registry::rules
