#ifndef TSUNAGU_TESTS_WIRE_VISIT_ROWS_H_
#define TSUNAGU_TESTS_WIRE_VISIT_ROWS_H_

#include <algorithm>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_comparison.pb.h"

namespace tsunagu::wire {

// Random rows of a round of visits, and valid changes of them.
class RandomVisits {
 public:
  using Change = tsunagu::matching::v1::VisitChange;
  using Snapshot = tsunagu::matching::v1::Snapshot;

  explicit RandomVisits(unsigned seed) : random_(seed) {}

  Snapshot Rows() {
    Snapshot rows;
    for (int i = 0; i < 4; ++i) *rows.add_openings() = Opening(absl::StrCat("openings/o", i));
    for (int i = 0; i < 6; ++i) *rows.add_supplies() = Supply(absl::StrCat("visitSupplies/s", i));
    return rows;
  }

  Change Next(const Snapshot& rows) {
    Change change;
    const int kind = rows.supplies().empty() || rows.openings().empty() ? (rows.supplies().empty() ? 0 : 2) : Upto(6);
    if (kind == 0) {
      *change.mutable_add_supply()->mutable_row() = Supply(absl::StrCat("visitSupplies/n", ++names_));
      change.mutable_add_supply()->set_supply(change.add_supply().row().name());
    } else if (kind == 1) {
      change.mutable_remove_supply()->set_supply(Any(rows.supplies()).name());
    } else if (kind == 2) {
      *change.mutable_add_opening()->mutable_row() = Opening(absl::StrCat("openings/n", ++names_));
      change.mutable_add_opening()->set_opening(change.add_opening().row().name());
    } else if (kind == 3) {
      change.mutable_remove_opening()->set_opening(Any(rows.openings()).name());
    } else if (kind == 4) {
      const auto& opening = Any(rows.openings());
      auto& half_day = *change.mutable_change_half_day();
      half_day.set_opening(opening.name());
      half_day.set_half_day(opening.visits(0).half_day());
      half_day.set_holidays(opening.visits(0).holidays());
      half_day.set_posts(Upto(2) == 0 ? -1 : 2);
    } else {
      auto& supply = *change.mutable_change_supply();
      supply.set_supply(Any(rows.supplies()).name());
      supply.set_extra_metres(Upto(3) * 10'000);
      supply.set_extra_school_visits(Upto(2));
      if (Upto(2) == 0) supply.add_skills(tsunagu::registry::v1::SKILL_SUCTION);
      auto& extra = *supply.add_half_days();
      extra.set_half_day(HalfDay());
      extra.set_visits(1);
    }
    return change;
  }

 private:
  int Upto(int most) { return static_cast<int>(random_() % static_cast<unsigned>(most)); }
  template <typename Row>
  const Row& Any(const google::protobuf::RepeatedPtrField<Row>& rows) {
    return rows.Get(Upto(rows.size()));
  }
  tsunagu::registry::v1::HalfDay HalfDay() { return static_cast<tsunagu::registry::v1::HalfDay>(1 + Upto(3)); }

  tsunagu::matching::v1::SnapshotOpening Opening(const std::string& name) {
    tsunagu::matching::v1::SnapshotOpening row;
    row.set_name(name);
    row.set_facility(absl::StrCat("facilities/f", Upto(3)));
    row.set_latitude_e6(35'500'000 + Upto(4) * 50'000);
    row.set_longitude_e6(134'230'000);
    row.set_posts(1);
    row.set_weekly_minutes(60);
    for (const bool holidays : {false, true}) {
      auto& visit = *row.add_visits();
      visit.set_half_day(HalfDay());
      visit.set_holidays(holidays);
      visit.set_posts(1 + Upto(2));
      if (Upto(2) == 0) visit.add_required_skills(tsunagu::registry::v1::SKILL_SUCTION);
    }
    return row;
  }
  tsunagu::matching::v1::SnapshotSupply Supply(const std::string& name) {
    tsunagu::matching::v1::SnapshotSupply row;
    row.set_name(name);
    row.set_kind(tsunagu::matching::v1::SUPPLIER_POOL);
    row.set_latitude_e6(35'500'000 + Upto(4) * 50'000);
    row.set_longitude_e6(134'230'000);
    row.set_reach_metres(8'000 + Upto(2) * 20'000);
    row.set_licence(tsunagu::registry::v1::LICENCE_NURSE);
    if (Upto(2) == 0) row.add_skills(tsunagu::registry::v1::SKILL_SUCTION);
    for (int half_day = 1; half_day <= 3; ++half_day) {
      auto& given = *row.add_given();
      given.set_half_day(static_cast<tsunagu::registry::v1::HalfDay>(half_day));
      given.set_holidays(Upto(3) == 0);
      given.set_visit_count(1 + Upto(2));
    }
    row.set_school_visit_count(1 + Upto(3));
    row.set_holiday_visit_count(1 + Upto(3));
    row.set_all_visit_count(2 + Upto(3));
    row.add_wishes(absl::StrCat("facilities/f", Upto(3)));
    if (Upto(3) == 0) row.add_unwanted_facilities(absl::StrCat("facilities/f", Upto(3)));
    return row;
  }

  std::mt19937 random_;
  int names_ = 0;
};

// Returns the rows after a change, by the text of the contract.
inline tsunagu::matching::v1::Snapshot RowsAfter(tsunagu::matching::v1::Snapshot rows,
                                                 const RandomVisits::Change& change) {
  const auto named = [](auto& all, const std::string& name) {
    return std::find_if(all.begin(), all.end(), [&](const auto& row) { return row.name() == name; });
  };
  auto& supplies = *rows.mutable_supplies();
  auto& openings = *rows.mutable_openings();
  if (change.has_add_supply()) *supplies.Add() = change.add_supply().row();
  if (change.has_add_opening()) *openings.Add() = change.add_opening().row();
  if (change.has_remove_supply()) supplies.erase(named(supplies, change.remove_supply().supply()));
  if (change.has_remove_opening()) openings.erase(named(openings, change.remove_opening().opening()));
  if (change.has_change_half_day()) {
    const auto& less = change.change_half_day();
    auto opening = named(openings, less.opening());
    auto& visits = *opening->mutable_visits();
    for (auto visit = visits.begin(); visit != visits.end(); ++visit) {
      if (visit->half_day() != less.half_day() || visit->holidays() != less.holidays()) continue;
      visit->set_posts(visit->posts() + less.posts());
      if (visit->posts() == 0) visits.erase(visit);
      break;
    }
    if (visits.empty()) openings.erase(opening);
  }
  if (change.has_change_supply()) {
    const auto& more = change.change_supply();
    auto supply = named(supplies, more.supply());
    supply->set_reach_metres(supply->reach_metres() + more.extra_metres());
    supply->set_school_visit_count(supply->school_visit_count() + more.extra_school_visits());
    for (const int skill : more.skills()) {
      if (supply->skills().empty()) supply->add_skills(static_cast<tsunagu::registry::v1::Skill>(skill));
    }
    for (const auto& extra : more.half_days()) {
      auto& given = *supply->mutable_given();
      auto there = std::find_if(given.begin(), given.end(), [&](const auto& one) {
        return one.half_day() == extra.half_day() && one.holidays() == extra.holidays();
      });
      if (there != given.end()) {
        there->set_visit_count(there->visit_count() + extra.visits());
        continue;
      }
      auto& fresh = *given.Add();
      fresh.set_half_day(extra.half_day());
      fresh.set_visit_count(extra.visits());
    }
  }
  return rows;
}

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_VISIT_ROWS_H_
