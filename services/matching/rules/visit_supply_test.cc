#include "services/matching/rules/visit_supply.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/optional.h"
#include "common/jp/period.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tsunagu::matching::rules {
namespace {

using Contracts = std::vector<v1::VisitContract>;

const jp::CivilDay kToday(2026, 4, 10);  // a Friday
const jp::FiscalYear kYear(2026);

template <typename M>
M Parsed(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::string Said(const Faults& faults) {
  return absl::StrJoin(faults.all(), " ", [](std::string* out, const Fault& fault) {
    absl::StrAppend(out, fault.field(), ":", ReasonWord(fault));
  });
}

std::string Date(const char* field, jp::CivilDay day) {
  return absl::StrCat(" ", field, " { year: ", day.year(), " month: ", day.month(), " day: ", day.day(), " }");
}

v1::VisitContract Contract(const std::string& fields, jp::CivilDay from, absl::optional<jp::CivilDay> to = {}) {
  return Parsed<v1::VisitContract>(absl::StrCat("supplier_code: '31' ", fields, Date("valid_from_date", from),
                                                to ? Date("valid_to_date", *to) : ""));
}

v1::VisitContract OfAnother(v1::VisitContract contract) {
  contract.set_supplier_code("32");
  return contract;
}

v1::VisitSupply Supply(const std::string& fields) {
  return Parsed<v1::VisitSupply>(
      absl::StrCat("supplier_code: '31' school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM] "
                   "holiday_half_days: HALF_DAY_MON_AM ",
                   fields));
}

constexpr char kMonday[] = "school_half_days: HALF_DAY_MON_AM";
constexpr char kWednesday[] = "school_half_days: HALF_DAY_WED_AM";

TEST(VisitSupplyTest, VisitsOfAYear) {
  struct Case {
    const char *name, *half_days;
    jp::CivilDay from;
    absl::optional<jp::CivilDay> to;
    int64_t visits;
  };
  for (const Case& c : std::vector<Case>{
           {"all of the year", kMonday, kYear.first_day(), {}, 52},
           {"one that began before and goes on", kMonday, jp::CivilDay(2020, 1, 1), {}, 52},
           {"with two Wednesdays more than a year of weeks", kWednesday, kYear.first_day(), {}, 53},
           {"one day", kMonday, jp::CivilDay(2026, 4, 13), jp::CivilDay(2026, 4, 13), 1},
           {"no such day", kMonday, jp::CivilDay(2026, 4, 14), jp::CivilDay(2026, 4, 19), 0},
           {"two half-days", "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_MON_PM]", jp::CivilDay(2026, 4, 13),
            jp::CivilDay(2026, 4, 20), 4},
           {"one of both kinds of week counts once",
            "school_half_days: HALF_DAY_MON_AM holiday_half_days: HALF_DAY_MON_AM", jp::CivilDay(2026, 4, 13),
            jp::CivilDay(2026, 4, 20), 2},
           {"a Sunday", "school_half_days: HALF_DAY_SUN_PM", jp::CivilDay(2026, 4, 12), jp::CivilDay(2026, 4, 12), 1},
           {"before it", kMonday, jp::CivilDay(2025, 4, 1), jp::CivilDay(2026, 3, 31), 0},
       }) {
    EXPECT_EQ(VisitsIn(kYear, {Contract(c.half_days, c.from, c.to)}), c.visits) << c.name;
  }
}

// A day counts as either a school day or a holiday, whichever contracts use it.
TEST(VisitSupplyTest, VisitsOfAYearOverAllContracts) {
  constexpr char kHoliday[] = "holiday_half_days: HALF_DAY_MON_AM";
  const jp::CivilDay monday(2026, 4, 13);
  struct Case {
    const char* name;
    Contracts contracts;
    int64_t visits;
  };
  for (const Case& c : std::vector<Case>{
           {"of school here, of the holidays there",
            {Contract(kMonday, monday, monday + 69), Contract(kHoliday, monday, monday + 69)},
            10},
           {"twice of school", {Contract(kMonday, monday, monday + 69), Contract(kMonday, monday, monday + 69)}, 20},
           {"twice of school, once of the holidays",
            {Contract(kMonday, monday, monday + 69), Contract(kMonday, monday, monday + 69),
             Contract(kHoliday, monday, monday + 69)},
            20},
           {"one after the other",
            {Contract(kMonday, monday, monday + 27), Contract(kHoliday, monday + 28, monday + 69)},
            10},
           {"beside one another for some weeks",
            {Contract(kMonday, monday, monday + 48), Contract(kHoliday, monday + 21, monday + 69)},
            10},
           {"another half-day of the holidays",
            {Contract(kMonday, monday, monday + 69),
             Contract("holiday_half_days: HALF_DAY_TUE_AM", monday, monday + 69)},
            20},
           {"the afternoon",
            {Contract(kMonday, monday, monday + 69),
             Contract("holiday_half_days: HALF_DAY_MON_PM", monday, monday + 69)},
            20},
           {"none", {}, 0},
       }) {
    EXPECT_EQ(VisitsIn(kYear, c.contracts), c.visits) << c.name;
  }
}

TEST(VisitSupplyTest, WhatAContractMayUse) {
  const jp::CivilDay monday(2026, 4, 13);
  struct Case {
    const char* name;
    std::string supply;
    v1::VisitContract contract;
    Contracts others;
    const char* said;
  };
  for (const Case& c : std::vector<Case>{
           {"a half-day", "", Contract(kMonday, monday), {}, ""},
           {"one that is held then",
            "",
            Contract(kMonday, monday),
            {Contract(kMonday, monday + 365)},
            "school_half_days[0]:SUPPLY_HALF_DAY_HELD"},
           {"one that is free again", "", Contract(kMonday, monday), {Contract(kMonday, monday - 9, monday - 1)}, ""},
           {"with two at once",
            "concurrent_visit_count: 2",
            Contract(kMonday, monday),
            {Contract(kMonday, monday)},
            ""},
           {"another half-day", "", Contract(kWednesday, monday), {Contract(kMonday, monday)}, ""},
           {"over the week",
            "max_weekly_visit_count: 1",
            Contract(kWednesday, monday),
            {Contract(kMonday, monday)},
            "school_half_days:SUPPLY_WEEK_FULL"},
           {"a week of the holidays is another",
            "max_weekly_visit_count: 1",
            Contract("holiday_half_days: HALF_DAY_MON_AM", monday),
            {Contract(kMonday, monday)},
            ""},
           {"not given",
            "",
            Contract("school_half_days: HALF_DAY_FRI_PM", monday),
            {},
            "school_half_days[0]:SUPPLY_HALF_DAY_NOT_GIVEN"},
           {"of another supplier", "", OfAnother(Contract(kMonday, monday)), {}, "supply:SUPPLY_UNFIT"},
           {"after it ends", Date("valid_to_date", monday + 10), Contract(kMonday, monday), {}, "supply:SUPPLY_UNFIT"},
           {"up to the year's limit", "max_yearly_visit_count: 3", Contract(kMonday, monday, monday + 14), {}, ""},
           {"over it",
            "max_yearly_visit_count: 3",
            Contract(kMonday, monday, monday + 21),
            {},
            "supply:SUPPLY_YEAR_FULL"},
           {"over it with what is over",
            "max_yearly_visit_count: 3",
            Contract(kMonday, monday, monday + 14),
            {Contract(kWednesday, monday - 12, monday - 12)},
            "supply:SUPPLY_YEAR_FULL"},
           {"over it in a year to come",
            "max_yearly_visit_count: 60",
            Contract(kMonday, monday),
            {Contract(kWednesday, jp::CivilDay(2028, 6, 1))},
            "supply:SUPPLY_YEAR_FULL"},
           {"every week up to a year with one week more",
            "max_yearly_visit_count: 52",
            Contract(kMonday, monday, jp::CivilDay(2028, 3, 31)),
            {},
            ""},
           {"every week, beside one that is for thousands of years",
            "max_yearly_visit_count: 104",
            Contract(kMonday, monday),
            {Contract(kWednesday, monday, jp::CivilDay(9998, 12, 31))},
            "supply:SUPPLY_YEAR_FULL"},
           {"a day of the holidays that another has in school",
            "max_yearly_visit_count: 3",
            Contract("holiday_half_days: HALF_DAY_MON_AM", monday, monday + 14),
            {Contract(kMonday, monday, monday + 14)},
            ""},
           {"one week more of the holidays than another has in school",
            "max_yearly_visit_count: 3",
            Contract("holiday_half_days: HALF_DAY_MON_AM", monday, monday + 21),
            {Contract(kMonday, monday, monday + 14)},
            "supply:SUPPLY_YEAR_FULL"},
           {"every week, into a year with one week more",
            "max_yearly_visit_count: 52",
            Contract(kMonday, monday),
            {},
            "supply:SUPPLY_YEAR_FULL"},
       }) {
    Faults faults;
    CheckUse(c.contract, c.others, Supply(c.supply), faults);
    EXPECT_EQ(Said(faults), c.said) << c.name;
  }
}

TEST(VisitSupplyTest, WhatAYearLeaves) {
  const jp::CivilDay summer(2026, 7, 17);  // 14 Wednesdays and 14 Mondays after kToday
  struct Case {
    const char* name;
    const char* supply;
    Contracts held;
    absl::optional<jp::CivilDay> last;
    int32_t weekly;
    int half_days;
  };
  for (const Case& c : std::vector<Case>{
           {"no limit", "", {}, {}, 2800, 3},
           {"fewer than the weeks there are", "max_yearly_visit_count: 13", {}, summer, 0, 0},
           {"one a week of a term", "max_yearly_visit_count: 14", {}, summer, 1, 3},
           {"two a week of a term: Monday and Wednesday, whichever week it is",
            "max_yearly_visit_count: 28",
            {},
            summer,
            4,
            3},
           {"two at once: more than the year allows",
            "max_yearly_visit_count: 28 concurrent_visit_count: 2",
            {},
            summer,
            2,
            3},
           {"two at once, one in a week of each kind",
            "max_yearly_visit_count: 28 concurrent_visit_count: 2 "
            "max_weekly_visit_count: 1",
            {},
            summer,
            4,
            3},
           {"one without an end", "max_yearly_visit_count: 53", {}, {}, 1, 3},
           {"of a year with 53 of one day, the others",
            "max_yearly_visit_count: 52",
            {},
            jp::CivilDay(2027, 3, 31),
            1,
            3},
           {"of a year to come with 53 of one day, the other",
            "max_yearly_visit_count: 52",
            {},
            jp::CivilDay(2031, 3, 31),
            2,
            1},
           {"less what contracts hold of the year",
            "max_yearly_visit_count: 20",
            {Contract(kMonday, kToday, kToday + 42)},
            summer,
            1,
            2},
           {"nothing", "max_yearly_visit_count: 20", {Contract(kMonday, kToday, kToday + 49)}, summer, 0, 0},
           {"as long as the supply goes on",
            "max_yearly_visit_count: 14 valid_to_date { year: 2026 month: 7 day: 17 }",
            {},
            {},
            1,
            3},
       }) {
    const v1::SnapshotSupply left = LeftOf(Supply(c.supply), c.held, {kToday, c.last.value_or(jp::kLastDay)});
    EXPECT_EQ(left.all_visit_count(), c.weekly) << c.name;
    EXPECT_EQ(left.given_size(), c.half_days) << c.name;
  }
}

// Whatever a round assigns of the rest can be agreed on, from any day on.
TEST(VisitSupplyTest, WhatIsLeftCanBeUsed) {
  std::mt19937_64 random(13);
  const auto below = [&](int bound) { return static_cast<int>(random() % bound); };
  int used_up = 0, years = 0;
  for (int i = 0; i < 3'000; ++i) {
    const v1::VisitSupply supply =
        Supply(absl::StrCat("concurrent_visit_count: ", below(3), " max_weekly_visit_count: ", below(4),
                            " max_yearly_visit_count: ", below(2) * below(400),
                            below(3) == 0 ? Date("valid_to_date", kToday + 100 + below(900)) : ""));
    const jp::CivilDay last = supply.has_valid_to_date() ? jp::DayOf(supply.valid_to_date()) : jp::kLastDay;
    Contracts held;
    for (int j = below(4); j > 0; --j) {
      const jp::CivilDay from = std::min(last, kToday - 200 + below(500));
      v1::VisitContract one = Contract(below(2) == 0 ? kMonday : kWednesday, from,
                                       std::min(last, below(3) == 0 ? last : from + below(400)));
      Faults faults;
      CheckUse(one, held, supply, faults);
      if (faults.all().empty()) held.push_back(one);
    }
    const jp::CivilDay end = below(2) == 0 ? jp::kLastDay : kToday + below(800);  // of the visits of the round
    const v1::SnapshotSupply left = LeftOf(supply, held, {kToday, end});
    int school = left.school_visit_count(), holidays = left.holiday_visit_count(), all = left.all_visit_count();
    used_up += left.given_size() == 0;
    years += supply.max_yearly_visit_count() > 0 && all > 0;
    for (const auto& given : left.given()) {
      for (int nurse = 0; nurse < given.visit_count(); ++nurse) {
        int& week = given.holidays() ? holidays : school;
        if (week == 0 || all == 0) continue;
        --week, --all;
        const jp::CivilDay until = std::min(last, end);
        v1::VisitContract one = Contract("", std::min(until, kToday + below(300)), until);
        given.holidays() ? one.add_holiday_half_days(given.half_day()) : one.add_school_half_days(given.half_day());
        Faults faults;
        CheckUse(one, held, supply, faults);
        ASSERT_EQ(Said(faults), "") << i << " " << supply.ShortDebugString() << " " << one.ShortDebugString();
        held.push_back(one);
      }
    }
  }
  EXPECT_GT(used_up, 100);
  EXPECT_GT(years, 100);
}

}  // namespace
}  // namespace tsunagu::matching::rules
