#include "services/matching/rounds/visit_changes.h"

#include <algorithm>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/matching/rounds/caps.h"
#include "services/matching/snapshot/left_out.h"
#include "services/matching/snapshot/snapshot.h"
#include "services/matching/snapshot/visit_snapshot.h"

namespace tsunagu::matching {
namespace {

using v1::VisitChange;

template <typename Rows>
absl::StatusOr<int32_t> Find(const v1::Snapshot& snapshot, const Rows& rows, const std::string& name,
                             absl::string_view field) {
  const int32_t index = IndexOf(rows, name);
  if (index < 0) return NotInRound(snapshot, name, field);
  return index;
}

// Inserts the row in the order of names; returns its index.
template <typename Rows, typename Row>
int32_t Insert(const Row& row, Rows& rows) {
  *rows.Add() = row;
  rows.rbegin()->DiscardUnknownFields();
  int32_t at = rows.size() - 1;
  for (; at > 0 && rows[at].name() < rows[at - 1].name(); --at) rows.SwapElements(at, at - 1);
  return at;
}

// Sorts half-days as in a canonical snapshot. Errors: DUPLICATE_PARTICIPANT, HALF_DAYS_MISSING.
absl::Status Sort(v1::Snapshot& alone) {
  v1::Round round;
  round.set_opening_kind(v1::OPENING_KIND_VISIT);
  return CanonicaliseVisits(round, alone);
}

// Returns the index of the half-day, or -1.
template <typename Rows>
int FindHalfDay(const Rows& rows, int half_day, bool holidays) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
    return row.half_day() == half_day && row.holidays() == holidays;
  });
  return found == rows.end() ? -1 : static_cast<int>(found - rows.begin());
}

// Returns `now` plus `extra` if that is from `min` to `max`; otherwise returns `now` and adds a fault.
int32_t Sum(int32_t now, int32_t extra, int32_t min, int32_t max, const std::string& name, const std::string& field,
            Faults& faults) {
  const int32_t sum = now + extra;
  if (extra == 0 || (sum >= min && sum <= max)) return sum;
  faults.Add(field, "VISIT_LIMIT_OUT_OF_RANGE"_reason,
             {{"name", name}, {"count", absl::StrCat(sum)}, {"min", absl::StrCat(min)}, {"max", absl::StrCat(max)}});
  return now;
}

absl::Status Take(const VisitChange::AddSupply& add, v1::Snapshot& snapshot) {
  constexpr char kField[] = "add_supply.supply";
  if (IndexOf(snapshot.supplies(), add.supply()) >= 0) {
    return FailAt(kField, "SUPPLY_THERE_ALREADY"_reason, {{"name", add.supply()}});
  }
  if (add.row().name() != add.supply()) return NotInRound(snapshot, add.supply(), kField);
  v1::Snapshot alone;
  *alone.add_supplies() = add.row();
  RETURN_IF_ERROR(Sort(alone));
  Insert(alone.supplies(0), *snapshot.mutable_supplies());
  return absl::OkStatus();
}

absl::Status Take(const VisitChange::RemoveSupply& remove, v1::Snapshot& snapshot) {
  ASSIGN_OR_RETURN(const int32_t supply, Find(snapshot, snapshot.supplies(), remove.supply(), "remove_supply.supply"));
  snapshot.mutable_supplies()->DeleteSubrange(supply, 1);
  return absl::OkStatus();
}

void AddVisits(const VisitChange::ExtraVisits& extra, const std::string& field, v1::SnapshotSupply& row,
               Faults& faults) {
  const int at = FindHalfDay(row.given(), extra.half_day(), extra.holidays());
  const int32_t now = at < 0 ? 0 : row.given(at).visit_count();
  const int32_t sum = Sum(now, extra.visits(), 0, 100, row.name(), field, faults);
  if (sum == 0 && at >= 0) {
    row.mutable_given()->DeleteSubrange(at, 1);
  } else if (sum > 0) {
    v1::SnapshotSupply::Given& given = at < 0 ? *row.add_given() : *row.mutable_given(at);
    given.set_half_day(extra.half_day());
    given.set_holidays(extra.holidays());
    given.set_visit_count(sum);
  }
}

absl::Status Take(const VisitChange::ChangeSupply& change, v1::Snapshot& snapshot) {
  ASSIGN_OR_RETURN(const int32_t supply, Find(snapshot, snapshot.supplies(), change.supply(), "change_supply.supply"));
  v1::Snapshot alone;
  v1::SnapshotSupply& row = *alone.add_supplies() = snapshot.supplies(supply);
  Faults faults;
  const auto sum = [&](int32_t now, int32_t extra, int32_t min, int32_t max, const char* field) {
    return Sum(now, extra, min, max, row.name(), absl::StrCat("change_supply.", field), faults);
  };
  for (const int skill : change.skills()) {
    if (std::find(row.skills().begin(), row.skills().end(), skill) != row.skills().end()) continue;
    row.add_skills(static_cast<registry::v1::Skill>(skill));
  }
  row.set_reach_metres(sum(row.reach_metres(), change.extra_metres(), 1, 1'000'000, "extra_metres"));
  row.set_school_visit_count(
      sum(row.school_visit_count(), change.extra_school_visits(), 0, 1400, "extra_school_visits"));
  row.set_holiday_visit_count(
      sum(row.holiday_visit_count(), change.extra_holiday_visits(), 0, 1400, "extra_holiday_visits"));
  row.set_all_visit_count(sum(row.all_visit_count(), change.extra_all_visits(), 0, 2800, "extra_all_visits"));
  for (int i = 0; i < change.half_days_size(); ++i) {
    AddVisits(change.half_days(i), absl::StrCat("change_supply.half_days[", i, "].visits"), row, faults);
  }
  RETURN_IF_ERROR(faults.ToStatus());
  RETURN_IF_ERROR(Sort(alone));
  snapshot.mutable_supplies(supply)->Swap(&row);
  return absl::OkStatus();
}

absl::Status Take(const VisitChange::AddOpening& add, v1::Snapshot& snapshot) {
  constexpr char kField[] = "add_opening.opening";
  const std::string& name = add.opening();
  if (IndexOf(snapshot.openings(), name) >= 0) return FailAt(kField, "OPENING_THERE_ALREADY"_reason, {{"name", name}});
  if (add.row().name() != name) return NotInRound(snapshot, name, kField);
  RETURN_IF_ERROR(CheckCapsStayNested(snapshot, name, add.caps(), kField));
  v1::Snapshot alone;
  *alone.add_openings() = add.row();
  RETURN_IF_ERROR(Sort(alone));
  const int32_t at = Insert(alone.openings(0), *snapshot.mutable_openings());
  for (v1::SnapshotCap& cap : *snapshot.mutable_caps()) {
    for (int32_t& opening : *cap.mutable_openings()) opening += opening >= at;
    if (!IsAmong(add.caps(), cap)) continue;
    cap.add_openings(at);
    std::sort(cap.mutable_openings()->begin(), cap.mutable_openings()->end());
  }
  return absl::OkStatus();
}

void RemoveOpening(int32_t opening, v1::Snapshot& snapshot) {
  snapshot.mutable_openings()->DeleteSubrange(opening, 1);
  for (v1::SnapshotCap& cap : *snapshot.mutable_caps()) {
    auto& counted = *cap.mutable_openings();
    counted.erase(std::remove(counted.begin(), counted.end(), opening), counted.end());
    for (int32_t& other : counted) other -= other > opening;
  }
}

absl::Status Take(const VisitChange::ChangeHalfDay& change, v1::Snapshot& snapshot) {
  ASSIGN_OR_RETURN(const int32_t opening,
                   Find(snapshot, snapshot.openings(), change.opening(), "change_half_day.opening"));
  const v1::SnapshotOpening& row = snapshot.openings(opening);
  const int at = FindHalfDay(row.visits(), change.half_day(), change.holidays());
  Faults faults;
  const int32_t posts =
      Sum(at < 0 ? 0 : row.visits(at).posts(), change.posts(), 0, 1000, row.name(), "change_half_day.posts", faults);
  RETURN_IF_ERROR(faults.ToStatus());
  if (at >= 0) {
    snapshot.mutable_openings(opening)->mutable_visits(at)->set_posts(posts);
    DropEmptyVisits(opening, snapshot);
    return absl::OkStatus();
  }
  v1::Snapshot alone;
  v1::SnapshotHalfDay& visit = *(*alone.add_openings() = row).add_visits();
  visit.set_half_day(change.half_day());
  visit.set_holidays(change.holidays());
  visit.set_posts(posts);
  *visit.mutable_required_skills() = change.required_skills();
  RETURN_IF_ERROR(Sort(alone));
  snapshot.mutable_openings(opening)->Swap(alone.mutable_openings(0));
  return absl::OkStatus();
}

absl::Status Take(const VisitChange::ChangeCap& change, v1::Snapshot& snapshot) {
  for (v1::SnapshotCap& cap : *snapshot.mutable_caps()) {
    if (cap.place() != change.place()) continue;
    cap.set_limit(change.limit());
    return absl::OkStatus();
  }
  return FailAt("change_cap.place", "NOT_IN_ROUND"_reason, {{"name", change.place()}});
}

}  // namespace

absl::Status TakeVisitChange(const VisitChange& change, v1::Snapshot& snapshot) {
  switch (change.what_case()) {
    case VisitChange::kAddSupply:
      return Take(change.add_supply(), snapshot);
    case VisitChange::kRemoveSupply:
      return Take(change.remove_supply(), snapshot);
    case VisitChange::kChangeSupply:
      return Take(change.change_supply(), snapshot);
    case VisitChange::kAddOpening:
      return Take(change.add_opening(), snapshot);
    case VisitChange::kRemoveOpening: {
      const std::string& name = change.remove_opening().opening();
      ASSIGN_OR_RETURN(const int32_t opening, Find(snapshot, snapshot.openings(), name, "remove_opening.opening"));
      RemoveOpening(opening, snapshot);
      return absl::OkStatus();
    }
    case VisitChange::kChangeHalfDay:
      return Take(change.change_half_day(), snapshot);
    case VisitChange::kChangeCap:
      return Take(change.change_cap(), snapshot);
    default:
      return FailAt("what", "FIELD_REQUIRED"_reason);
  }
}

void DropEmptyVisits(int32_t opening, v1::Snapshot& snapshot) {
  auto& visits = *snapshot.mutable_openings(opening)->mutable_visits();
  visits.erase(std::remove_if(visits.begin(), visits.end(), [](const auto& visit) { return visit.posts() <= 0; }),
               visits.end());
  if (visits.empty()) RemoveOpening(opening, snapshot);
}

}  // namespace tsunagu::matching
