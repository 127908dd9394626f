#include "services/matching/rules/visit_supply.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "services/matching/rules/half_day.h"
#include "services/matching/rules/proposal.h"
#include "services/matching/rules/visit_contract.h"

namespace tsunagu::matching::rules {
namespace {

using HalfDays = google::protobuf::RepeatedField<int>;
using Contracts = std::vector<v1::VisitContract>;

constexpr int32_t kMostOfWeek = 1400, kMostOfBoth = 2800;  // the limits in the contract of the snapshot

struct Week {
  const char* field;
  const HalfDays& (*of_contract)(const v1::VisitContract&);
  const HalfDays& (*of_supply)(const v1::VisitSupply&);
};
const Week kWeeks[] = {
    {"school_half_days", [](const v1::VisitContract& c) -> const HalfDays& { return c.school_half_days(); },
     [](const v1::VisitSupply& s) -> const HalfDays& { return s.school_half_days(); }},
    {"holiday_half_days", [](const v1::VisitContract& c) -> const HalfDays& { return c.holiday_half_days(); },
     [](const v1::VisitSupply& s) -> const HalfDays& { return s.holiday_half_days(); }},
};

template <typename Record>
jp::Period PeriodOf(const Record& record) {
  return {record.has_valid_from_date() ? jp::DayOf(record.valid_from_date()) : jp::kFirstDay,
          record.has_valid_to_date() ? jp::DayOf(record.valid_to_date()) : jp::kLastDay};
}

// Returns the number of days in the period that fall on this day of the week.
int64_t Count(const jp::Period& period, absl::Weekday weekday) {
  if (!period.valid()) return 0;
  const jp::CivilDay first =
      absl::GetWeekday(period.from) == weekday ? period.from : absl::NextWeekday(period.from, weekday);
  return first > period.to ? 0 : (period.to - first) / 7 + 1;
}

absl::Weekday WeekdayOf(int half_day) {  // MON_AM is 1, MON_PM 2
  constexpr absl::Weekday kDays[] = {absl::Weekday::monday,   absl::Weekday::tuesday, absl::Weekday::wednesday,
                                     absl::Weekday::thursday, absl::Weekday::friday,  absl::Weekday::saturday,
                                     absl::Weekday::sunday};
  return kDays[(half_day - 1) / 2 % 7];
}

// Returns the periods in which contracts hold a half-day; for -1, one for each half-day that they hold.
std::vector<jp::Period> HoldsOf(const Contracts& contracts, const Week& week, int half_day = -1) {
  std::vector<jp::Period> holds;
  for (const v1::VisitContract& contract : contracts) {
    for (const int held : week.of_contract(contract)) {
      if (half_day < 0 || held == half_day) holds.push_back(PeriodOf(contract));
    }
  }
  return holds;
}

// Returns the years that may have the most visits: those after a day on which a contract begins or ends, for a whole
// cycle of the calendar, which takes 40 years across 2100. Until the next such day the other years repeat these.
std::set<jp::FiscalYear> YearsOf(const Contracts& contracts, const jp::Period& within) {
  constexpr int kTurn = 40 * 366;
  std::set<jp::FiscalYear> years;
  const auto add = [&](jp::CivilDay change) {
    const jp::CivilDay last = std::min(within.to, change + kTurn);
    for (jp::FiscalYear year = jp::FiscalYear::Of(std::max(within.from, change)); year.first_day() <= last;
         year = year.next()) {
      years.insert(year);
    }
  };
  add(within.from);
  for (const v1::VisitContract& contract : contracts) {
    add(PeriodOf(contract).from);
    if (PeriodOf(contract).to < jp::kLastDay) add(PeriodOf(contract).to);
  }
  return years;
}

// Adds a fault for the first year that would have too many visits.
void CheckYears(const Contracts& contracts, const jp::Period& within, const v1::VisitSupply& supply, const char* field,
                Faults& faults) {
  if (supply.max_yearly_visit_count() == 0) return;
  for (const jp::FiscalYear year : YearsOf(contracts, within)) {
    const int64_t count = VisitsIn(year, contracts);
    if (count <= supply.max_yearly_visit_count()) continue;
    faults.Add(field, "SUPPLY_YEAR_FULL"_reason,
               {{"year", absl::StrCat(year.year())},
                {"max", absl::StrCat(supply.max_yearly_visit_count())},
                {"count", absl::StrCat(count)}});
    return;
  }
}

void CheckWeek(const Contracts& contracts, const Week& week, const jp::Period& within, const v1::VisitSupply& supply,
               const char* field, Faults& faults) {
  const int32_t most = supply.max_weekly_visit_count();
  if (most == 0 || MostAtOnce(HoldsOf(contracts, week), within) <= most) return;
  faults.Add(field, "SUPPLY_WEEK_FULL"_reason, {{"max", absl::StrCat(most)}});
}

// Returns the most visits in a week of either kind, where a half-day of school weeks and the same one of holiday weeks
// count once.
int64_t RoomOf(const v1::SnapshotSupply& left) {
  std::map<int, int32_t> at_once;
  for (const v1::SnapshotSupply::Given& given : left.given()) {
    at_once[given.half_day()] = std::max(at_once[given.half_day()], given.visit_count());
  }
  int64_t room = 0;
  for (const auto& [half_day, visits] : at_once) room += visits;
  return std::min<int64_t>(room, left.school_visit_count() + left.holiday_visit_count());
}

// Drops half-days that occur more often than a year has visits left, and limits the others in a week so that no year
// has too many, on whichever of `days` they begin.
void LimitByYears(const v1::VisitSupply& supply, const Contracts& contracts, const jp::Period& days,
                  v1::SnapshotSupply& left) {
  const jp::Period visited = {days.from, std::max(days.from, std::min(days.to, PeriodOf(supply).to))};
  struct Year {
    jp::Period within;
    int64_t remaining;
  };
  std::vector<Year> years;
  for (const jp::FiscalYear year : YearsOf(contracts, visited)) {
    years.push_back({{std::max(visited.from, year.first_day()), std::min(visited.to, year.last_day())},
                     supply.max_yearly_visit_count() - VisitsIn(year, contracts)});
  }
  const auto times = [](const Year& year, const v1::SnapshotSupply::Given& given) {
    return Count(year.within, WeekdayOf(given.half_day()));
  };
  for (int i = left.given_size() - 1; i >= 0; --i) {
    const bool too_often = std::any_of(years.begin(), years.end(),
                                       [&](const Year& year) { return times(year, left.given(i)) > year.remaining; });
    if (too_often) left.mutable_given()->DeleteSubrange(i, 1);
  }
  const int64_t room = RoomOf(left);
  for (const Year& year : years) {
    int64_t weeks = 1;  // of the half-day that occurs most often
    for (const v1::SnapshotSupply::Given& given : left.given()) weeks = std::max(weeks, times(year, given));
    const int64_t weekly = year.remaining / weeks;
    const int64_t most = room <= weekly ? 2 * weekly : weekly;
    left.set_all_visit_count(static_cast<int32_t>(std::clamp<int64_t>(most, 0, left.all_visit_count())));
  }
  if (left.given().empty()) left.set_all_visit_count(0);
  if (left.all_visit_count() == 0) left.clear_given();
}

}  // namespace

int32_t AtOnce(const v1::VisitSupply& supply) { return std::max(1, supply.concurrent_visit_count()); }

int64_t VisitsIn(jp::FiscalYear year, const Contracts& contracts) {
  const jp::Period days = {year.first_day(), year.last_day()};
  std::map<int, std::map<jp::CivilDay, std::array<int64_t, 2>>>
      changes;  // by half-day and day: change in the number of holds, by week
  for (const v1::VisitContract& contract : contracts) {
    const jp::Period held = {std::max(PeriodOf(contract).from, days.from), std::min(PeriodOf(contract).to, days.to)};
    if (!held.valid()) continue;
    for (int week = 0; week < 2; ++week) {
      const HalfDays& half_days = kWeeks[week].of_contract(contract);
      for (const int half_day : std::set<int>(half_days.begin(), half_days.end())) {
        if (!registry::v1::HalfDay_IsValid(half_day) || half_day == 0) continue;
        ++changes[half_day][held.from][week];
        --changes[half_day][held.to + 1][week];
      }
    }
  }
  int64_t visits = 0;
  for (const auto& [half_day, of_half_day] : changes) {
    std::array<int64_t, 2> held = {0, 0};
    for (auto change = of_half_day.begin(); change != of_half_day.end(); ++change) {
      for (int week = 0; week < 2; ++week) held[week] += change->second[week];
      const auto next = std::next(change);
      if (next == of_half_day.end()) break;  // all have ended
      visits += std::max(held[0], held[1]) * Count({change->first, next->first - 1}, WeekdayOf(half_day));
    }
  }
  return visits;
}

void CheckVisitSupply(const v1::VisitSupply& supply, Faults& faults) {
  if (supply.school_half_days_size() + supply.holiday_half_days_size() == 0) {
    faults.Add("school_half_days", "HALF_DAYS_MISSING"_reason);
  }
  for (const Week& week : kWeeks) {
    const HalfDays& given = week.of_supply(supply);
    for (int i = 0; i < given.size(); ++i) {
      if (std::find(given.begin(), given.begin() + i, given[i]) == given.begin() + i) continue;
      AddHalfDayFault(absl::StrCat(week.field, "[", i, "]"), "HALF_DAY_REPEATED"_reason, given[i], faults);
    }
  }
}

void CheckUse(const v1::VisitContract& contract, const Contracts& others, const v1::VisitSupply& supply,
              Faults& faults) {
  const jp::Period days = PeriodOf(contract);
  const jp::Period given = PeriodOf(supply);
  if (contract.supplier_code() != supply.supplier_code() || days.from < given.from || days.to > given.to) {
    faults.Add("supply", "SUPPLY_UNFIT"_reason);
  }
  if (!days.valid()) return;  // already reported
  Contracts all = others;
  all.push_back(contract);
  for (const Week& week : kWeeks) {
    const HalfDays& taken = week.of_contract(contract);
    for (int i = 0; i < taken.size(); ++i) {
      const std::string field = absl::StrCat(week.field, "[", i, "]");
      if (!absl::c_linear_search(week.of_supply(supply), taken[i])) {
        AddHalfDayFault(field, "SUPPLY_HALF_DAY_NOT_GIVEN"_reason, taken[i], faults);
      } else if (MostAtOnce(HoldsOf(others, week, taken[i]), days) >= AtOnce(supply)) {
        AddHalfDayFault(field, "SUPPLY_HALF_DAY_HELD"_reason, taken[i], faults);
      }
    }
    if (!taken.empty()) CheckWeek(all, week, days, supply, week.field, faults);
  }
  CheckYears(all, days, supply, "supply", faults);
}

void CheckGivesWhatIsUsed(const v1::VisitSupply& supply, const Contracts& contracts, jp::CivilDay today,
                          Faults& faults) {
  const jp::Period ahead = {today, jp::kLastDay};
  Contracts going_on;
  std::copy_if(contracts.begin(), contracts.end(), std::back_inserter(going_on),
               [&](const v1::VisitContract& contract) { return PeriodOf(contract).to >= today; });
  const jp::Period given = PeriodOf(supply);
  const bool outlives = std::any_of(going_on.begin(), going_on.end(), [&](const v1::VisitContract& contract) {
    return PeriodOf(contract).to > given.to;
  });
  if (outlives) faults.Add("valid_to_date", "SUPPLY_UNFIT"_reason);
  for (const Week& week : kWeeks) {
    for (int half_day = registry::v1::HalfDay_MIN + 1; half_day <= registry::v1::HalfDay_MAX; ++half_day) {
      const int held = MostAtOnce(HoldsOf(going_on, week, half_day), ahead);
      if (held > 0 && !absl::c_linear_search(week.of_supply(supply), half_day)) {
        AddHalfDayFault(week.field, "SUPPLY_HALF_DAY_HELD"_reason, half_day, faults);
      } else if (held > AtOnce(supply)) {
        AddHalfDayFault("concurrent_visit_count", "SUPPLY_HALF_DAY_HELD"_reason, half_day, faults);
      }
    }
    CheckWeek(going_on, week, ahead, supply, "max_weekly_visit_count", faults);
  }
  CheckYears(contracts, ahead, supply, "max_yearly_visit_count", faults);
}

v1::SnapshotSupply LeftOf(const v1::VisitSupply& supply, const Contracts& contracts, const jp::Period& days) {
  v1::SnapshotSupply left;
  for (const Week& week : kWeeks) {
    const bool holidays = &week != &kWeeks[0];
    const int used = MostAtOnce(HoldsOf(contracts, week), days);
    const int32_t most = supply.max_weekly_visit_count() == 0 ? kMostOfWeek + used : supply.max_weekly_visit_count();
    const int32_t visits = std::max(0, most - used);
    holidays ? left.set_holiday_visit_count(visits) : left.set_school_visit_count(visits);
    std::set<int> given(week.of_supply(supply).begin(), week.of_supply(supply).end());
    for (const int half_day : given) {
      const int free = AtOnce(supply) - MostAtOnce(HoldsOf(contracts, week, half_day), days);
      if (free <= 0 || visits == 0) continue;
      v1::SnapshotSupply::Given& row = *left.add_given();
      row.set_half_day(static_cast<registry::v1::HalfDay>(half_day));
      row.set_holidays(holidays);
      row.set_visit_count(free);
    }
  }
  left.set_all_visit_count(kMostOfBoth);
  if (supply.max_yearly_visit_count() > 0 && left.given_size() > 0) LimitByYears(supply, contracts, days, left);
  return left;
}

}  // namespace tsunagu::matching::rules
