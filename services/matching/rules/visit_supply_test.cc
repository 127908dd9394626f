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
                   "holiday_half_days: HALF_DAY_MON_AM ", fields));
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
           {"one of both kinds of week counts once", "school_half_days: HALF_DAY_MON_AM holiday_half_days: HALF_DAY_MON_AM",
            jp::CivilDay(2026, 4, 13), jp::CivilDay(2026, 4, 20), 2},
           {"a Sunday", "school_half_days: HALF_DAY_SUN_PM", jp::CivilDay(2026, 4, 12), jp::CivilDay(2026, 4, 12), 1},
           {"before it", kMonday, jp::CivilDay(2025, 4, 1), jp::CivilDay(2026, 3, 31), 0},
       }) {
    EXPECT_EQ(VisitsIn(kYear, Contract(c.half_days, c.from, c.to)), c.visits) << c.name;
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
           {"one that is held then", "", Contract(kMonday, monday), {Contract(kMonday, monday + 365)},
            "school_half_days[0]:SUPPLY_HALF_DAY_HELD"},
           {"one that is free again", "", Contract(kMonday, monday), {Contract(kMonday, monday - 9, monday - 1)}, ""},
           {"with two at once", "concurrent_visit_count: 2", Contract(kMonday, monday), {Contract(kMonday, monday)}, ""},
           {"another half-day", "", Contract(kWednesday, monday), {Contract(kMonday, monday)}, ""},
           {"over the week", "max_weekly_visit_count: 1", Contract(kWednesday, monday), {Contract(kMonday, monday)},
            "school_half_days:SUPPLY_WEEK_FULL"},
           {"a week of the holidays is another", "max_weekly_visit_count: 1",
            Contract("holiday_half_days: HALF_DAY_MON_AM", monday), {Contract(kMonday, monday)}, ""},
           {"not given", "", Contract("school_half_days: HALF_DAY_FRI_PM", monday), {},
            "school_half_days[0]:SUPPLY_HALF_DAY_NOT_GIVEN"},
           {"of another supplier", "", OfAnother(Contract(kMonday, monday)), {},
            "supply:SUPPLY_UNFIT"},
           {"after it ends", Date("valid_to_date", monday + 10), Contract(kMonday, monday), {}, "supply:SUPPLY_UNFIT"},
           {"up to the year's limit", "max_yearly_visit_count: 3", Contract(kMonday, monday, monday + 14), {}, ""},
           {"over it", "max_yearly_visit_count: 3", Contract(kMonday, monday, monday + 21), {}, "supply:SUPPLY_YEAR_FULL"},
           {"over it with what is over", "max_yearly_visit_count: 3", Contract(kMonday, monday, monday + 14),
            {Contract(kWednesday, monday - 12, monday - 12)}, "supply:SUPPLY_YEAR_FULL"},
           {"over it in a year to come", "max_yearly_visit_count: 60",
            Contract(kMonday, monday), {Contract(kWednesday, jp::CivilDay(2028, 6, 1))}, "supply:SUPPLY_YEAR_FULL"},
       }) {
    Faults faults;
    CheckUse(c.contract, c.others, Supply(c.supply), faults);
    EXPECT_EQ(Said(faults), c.said) << c.name;
  }
}

// Whatever a round gives of what is left can be agreed on, from whichever day on.
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
    const v1::SnapshotSupply left = LeftOf(supply, held, kToday);
    int school = left.school_visit_count(), holidays = left.holiday_visit_count(), all = left.all_visit_count();
    used_up += left.given_size() == 0;
    years += supply.max_yearly_visit_count() > 0 && all > 0;
    for (const auto& given : left.given()) {
      for (int nurse = 0; nurse < given.visit_count(); ++nurse) {
        int& week = given.holidays() ? holidays : school;
        if (week == 0 || all == 0) continue;
        --week, --all;
        v1::VisitContract one = Contract("", kToday + below(300), last);
        if (jp::DayOf(one.valid_from_date()) > last) *one.mutable_valid_from_date() = supply.valid_to_date();
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
