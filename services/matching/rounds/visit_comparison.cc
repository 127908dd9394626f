#include "services/matching/rounds/visit_comparison.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "services/matching/rules/visits.h"
#include "services/matching/snapshot/snapshot.h"
#include "services/matching/snapshot/visit_snapshot.h"

namespace tsunagu::matching {
namespace {

using Covers = std::map<std::string, int32_t>;   // by supply: nurses
using Key = std::tuple<std::string, bool, int>;  // opening, holidays, half-day: the order of ListVisits
struct HalfDay {
  std::string facility;
  int32_t wanted = 0;
  Covers covers;
};
using HalfDays = std::map<Key, HalfDay>;

int32_t SumOf(const Covers& covers) {
  int32_t sum = 0;
  for (const auto& [supply, count] : covers) sum += count;
  return sum;
}

HalfDays HalfDaysOf(const VisitOutcome& outcome) {
  HalfDays half_days;
  for (const v1::SnapshotOpening& opening : outcome.snapshot.openings()) {
    for (const v1::SnapshotHalfDay& visit : opening.visits()) {
      half_days[{opening.name(), visit.holidays(), visit.half_day()}] = {opening.facility(), visit.posts(), {}};
    }
  }
  for (const v1::VisitRow& row : outcome.rows) {
    Covers& covers = half_days[{row.opening(), row.holidays(), row.half_day()}].covers;
    for (const v1::VisitRow::Cover& cover : row.covers()) covers[cover.supply()] += cover.count();
  }
  ForEachVisit(outcome.held, [&](const v1::VisitEvent::RoundContract& contract, int half_day, bool holidays) {
    const auto found = half_days.find({contract.opening(), holidays, half_day});
    if (found != half_days.end()) ++found->second.covers[contract.supply()];
  });
  return half_days;
}

v1::VisitFigures FiguresOf(const VisitOutcome& outcome, const HalfDays& half_days) {
  v1::VisitFigures figures;
  std::set<std::string> visiting;
  for (const auto& [key, half_day] : half_days) {
    const int32_t covered = SumOf(half_day.covers);
    figures.set_wanted_count(figures.wanted_count() + half_day.wanted);
    figures.set_covered_count(figures.covered_count() + covered);
    figures.set_short_half_day_count(figures.short_half_day_count() + (covered < half_day.wanted));
    for (const auto& [supply, count] : half_day.covers) visiting.insert(supply);
  }
  figures.set_supply_count(outcome.snapshot.supplies_size());
  figures.set_visiting_supply_count(static_cast<int32_t>(visiting.size()));
  figures.set_half_day_count(static_cast<int32_t>(half_days.size()));
  return figures;
}

int32_t CountOf(const Covers& covers, const std::string& supply) {
  const auto found = covers.find(supply);
  return found == covers.end() ? 0 : found->second;
}

using Supplies = std::map<std::string, v1::SupplyChange>;

// Counts one half-day, and returns whether it differs.
bool Count(const HalfDay& before, const HalfDay& after, Supplies& supplies, v1::VisitDifference& difference) {
  std::set<std::string> names;
  for (const auto& [supply, count] : before.covers) names.insert(supply);
  for (const auto& [supply, count] : after.covers) names.insert(supply);
  for (const std::string& name : names) {
    const int32_t one = CountOf(before.covers, name), other = CountOf(after.covers, name), both = std::min(one, other);
    v1::SupplyChange& supply = supplies[name];
    supply.set_visits_before(supply.visits_before() + one);
    supply.set_visits_after(supply.visits_after() + other);
    supply.set_unchanged_count(supply.unchanged_count() + both);
    difference.set_unchanged_count(difference.unchanged_count() + both);
    difference.set_lost_count(difference.lost_count() + one - both);
    difference.set_gained_count(difference.gained_count() + other - both);
  }
  return before.wanted != after.wanted || before.covers != after.covers;
}

void AddCovers(const Covers& covers, google::protobuf::RepeatedPtrField<v1::VisitRow::Cover>& rows) {
  for (const auto& [supply, count] : covers) {
    v1::VisitRow::Cover& row = *rows.Add();
    row.set_supply(supply);
    row.set_count(count);
  }
}

v1::VisitRowChange ChangeOf(const Key& key, const HalfDay& before, const HalfDay& after) {
  v1::VisitRowChange change;
  change.set_opening(std::get<0>(key));
  change.set_facility(after.facility.empty() ? before.facility : after.facility);
  change.set_holidays(std::get<1>(key));
  change.set_half_day(static_cast<registry::v1::HalfDay>(std::get<2>(key)));
  change.set_wanted_before(before.wanted);
  change.set_wanted_after(after.wanted);
  AddCovers(before.covers, *change.mutable_covers_before());
  AddCovers(after.covers, *change.mutable_covers_after());
  return change;
}

template <typename Rows, typename Row>
auto* FindOf(Rows& rows, const Row& like) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
    return row.half_day() == like.half_day() && row.holidays() == like.holidays();
  });
  return found == rows.end() ? nullptr : &*found;
}

// Widens the limits and the care to those of both.
void Widen(const v1::SnapshotSupply& by, v1::SnapshotSupply& row) {
  row.set_reach_metres(std::max(row.reach_metres(), by.reach_metres()));
  row.set_school_visit_count(std::max(row.school_visit_count(), by.school_visit_count()));
  row.set_holiday_visit_count(std::max(row.holiday_visit_count(), by.holiday_visit_count()));
  row.set_all_visit_count(std::max(row.all_visit_count(), by.all_visit_count()));
  row.mutable_skills()->MergeFrom(by.skills());
  for (const v1::SnapshotSupply::Given& given : by.given()) {
    v1::SnapshotSupply::Given* there = FindOf(*row.mutable_given(), given);
    if (there == nullptr) {
      *row.add_given() = given;
    } else {
      there->set_visit_count(std::max(there->visit_count(), given.visit_count()));
    }
  }
}

// Returns everything that either snapshot has: the set from which a supply would choose.
v1::Snapshot BothOf(const v1::Snapshot& before, const v1::Snapshot& after) {
  v1::Snapshot both = after;
  both.clear_caps();
  for (const v1::SnapshotSupply& row : before.supplies()) {
    const int32_t at = IndexOf(after.supplies(), row.name());
    if (at >= 0) Widen(row, *both.mutable_supplies(at));
  }
  for (const v1::SnapshotOpening& row : before.openings()) {
    const int32_t at = IndexOf(after.openings(), row.name());
    if (at < 0) *both.add_openings() = row;
    for (const v1::SnapshotHalfDay& visit : row.visits()) {
      if (at < 0 || FindOf(after.openings(at).visits(), visit) != nullptr) continue;
      *both.mutable_openings(at)->add_visits() = visit;
    }
  }
  std::sort(both.mutable_openings()->pointer_begin(), both.mutable_openings()->pointer_end(),
            [](const auto* a, const auto* b) { return a->name() < b->name(); });
  v1::Round of_visits;
  of_visits.set_opening_kind(v1::OPENING_KIND_VISIT);
  CanonicaliseVisits(of_visits, both).IgnoreError();  // it contains nothing twice
  return both;
}

}  // namespace

VisitComparison Compare(const VisitOutcome& before, const VisitOutcome& after) {
  const HalfDays was = HalfDaysOf(before), is = HalfDaysOf(after);
  VisitComparison comparison;
  *comparison.difference.mutable_before() = FiguresOf(before, was);
  *comparison.difference.mutable_after() = FiguresOf(after, is);
  std::set<Key> keys;
  for (const auto& [key, half_day] : was) keys.insert(key);
  for (const auto& [key, half_day] : is) keys.insert(key);
  Supplies supplies;
  for (const Key& key : keys) {
    const auto one = was.find(key), other = is.find(key);
    const HalfDay then = one == was.end() ? HalfDay() : one->second;
    const HalfDay now = other == is.end() ? HalfDay() : other->second;
    if (Count(then, now, supplies, comparison.difference)) comparison.half_days.push_back(ChangeOf(key, then, now));
  }
  for (auto& [name, supply] : supplies) {
    if (supply.visits_before() == supply.unchanged_count() && supply.visits_after() == supply.unchanged_count())
      continue;
    supply.set_supply(name);
    comparison.supplies.push_back(std::move(supply));
  }
  return comparison;
}

void AddLikings(const VisitOutcome& before, const VisitOutcome& after, int64_t seed, VisitComparison& comparison) {
  const v1::Snapshot both = BothOf(before.snapshot, after.snapshot);
  const HalfDays was = HalfDaysOf(before), is = HalfDaysOf(after);
  const std::vector<WantedVisit> wanted = WantedVisitsOf(both);
  const auto covers_at = [&](const HalfDays& half_days, size_t index) {
    const v1::SnapshotOpening& opening = both.openings(wanted[index].opening);
    const v1::SnapshotHalfDay& visit = opening.visits(wanted[index].visit);
    const auto found = half_days.find({opening.name(), visit.holidays(), visit.half_day()});
    return found == half_days.end() ? Covers() : found->second.covers;
  };
  std::vector<rules::Cover> offered;
  for (size_t index = 0; index < wanted.size(); ++index) {
    Covers covers = covers_at(was, index);
    for (const auto& [supply, count] : covers_at(is, index)) covers[supply] = std::max(covers[supply], count);
    for (const auto& [supply, count] : covers) {
      const int32_t at = IndexOf(both.supplies(), supply);
      if (at >= 0) offered.push_back({at, static_cast<int32_t>(index), count});
    }
  }
  std::map<std::pair<int32_t, int32_t>, int32_t> chosen;
  for (const rules::Cover& cover : rules::ChoicesOf(ToVisits(both, seed), offered)) {
    chosen[{cover.supply, cover.half_day}] = cover.count;
  }
  std::set<std::string> not_before, not_after;
  for (const rules::Cover& cover : offered) {
    const std::string& supply = both.supplies(cover.supply).name();
    const auto found = chosen.find({cover.supply, cover.half_day});
    const int32_t count = found == chosen.end() ? 0 : found->second;
    if (count != CountOf(covers_at(was, cover.half_day), supply)) not_before.insert(supply);
    if (count != CountOf(covers_at(is, cover.half_day), supply)) not_after.insert(supply);
  }
  for (v1::SupplyChange& change : comparison.supplies) {
    const bool in_both = IndexOf(before.snapshot.supplies(), change.supply()) >= 0 &&
                         IndexOf(after.snapshot.supplies(), change.supply()) >= 0;
    if (!in_both) continue;
    const bool better = not_after.count(change.supply()) == 0, worse = not_before.count(change.supply()) == 0;
    change.set_liking(better  ? v1::SupplyChange::LIKING_BETTER
                      : worse ? v1::SupplyChange::LIKING_WORSE
                              : v1::SupplyChange::LIKING_MIXED);
    comparison.difference.set_better_count(comparison.difference.better_count() + better);
    comparison.difference.set_worse_count(comparison.difference.worse_count() + (worse && !better));
  }
}

}  // namespace tsunagu::matching
