// Counts time and yen of activities: cases of published schemes (M12 to M18), and random schemes compared with a model
// that looks at every minute.
#include "services/subsidy/rules/usage.h"

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/jp/clock_time.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/subsidy/rules/activity_templates.h"

namespace tsunagu::subsidy::rules {
namespace {

using v1::ActivityScheme;
using v1::ServiceRecord;

template <typename M>
M Read(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// The schemes that come with the program.
ActivityScheme Shipped(const std::string& name) {
  for (const ActivityScheme& one : ActivityTemplates()) {
    if (one.name() == "activitySchemes/" + name) return one;
  }
  ADD_FAILURE() << name;
  return {};
}
ActivityScheme Toshima() { return Shipped("coordination-by-hours"); }
ActivityScheme Tochigi() { return Shipped("respite-by-months-left"); }
ActivityScheme Iizuka() { return Shipped("respite-by-class"); }
ActivityScheme Bunkyo() { return Shipped("respite-home-and-school"); }

ServiceRecord Visit(int minutes, const std::string& more = "", int start = 540) {
  const auto time = [](int minute) { return absl::StrFormat("%d:%02d", minute / 60, minute % 60); };
  return Read<ServiceRecord>(
      absl::StrCat("service_date { year: 2050 month: 6 day: 1 } place: SERVICE_PLACE_HOME begins_at: '", time(start),
                   "' ends_at: '", time(start + minutes), "' ", more));
}

// What is wrong with it: "ends_at:VISIT_TOO_SHORT".
std::string Told(const ActivityScheme& scheme, const ServiceRecord& record) {
  Faults faults;
  CheckVisit(scheme, record, faults);
  return absl::StrJoin(faults.all(), " ", [](std::string* out, const Fault& fault) {
    absl::StrAppend(out, fault.field(), ":", ReasonWord(fault));
  });
}

jp::CivilDay Day(int month, int day = 15, int year = 2050) { return jp::CivilDay(year, month, day); }

TEST(UsageTest, M12HoursUpToTheCap) {
  const auto paid = [](int hours) { return WithinCap(Toshima(), Count(Toshima(), "", Visit(hours * 60)).yen, 0); };
  EXPECT_EQ(paid(7), 28'000);
  EXPECT_EQ(paid(8), 32'000);
  EXPECT_EQ(paid(11), 32'000);
  EXPECT_EQ(WithinCap(Toshima(), 8'000, 28'000), 4'000);
  EXPECT_EQ(WithinCap(Toshima(), 8'000, 40'000), 0);
}

TEST(UsageTest, M13WhatAFeeIsClaimedForComesToNothing) {
  const ServiceRecord visit = Visit(60, "fee_minutes: 60");
  EXPECT_EQ(Told(Toshima(), visit), "");
  EXPECT_EQ(Count(Toshima(), "", visit), (Counted{0, 60, 0, 0}));
  EXPECT_EQ(Count(Toshima(), "", Visit(120, "fee_minutes: 60")), (Counted{60, 60, 4'000, 0}));
}

TEST(UsageTest, M14MonthsLeft) {
  EXPECT_EQ(MinutesByScheme(Tochigi(), Day(6), Day(6)), 40 * 60);
  EXPECT_EQ(MinutesByScheme(Tochigi(), Day(4, 1), Day(6)), 48 * 60);
  EXPECT_EQ(MinutesByScheme(Tochigi(), Day(3, 31, 2051), Day(3, 31, 2051)), 4 * 60);
  EXPECT_EQ(MinutesByScheme(Tochigi(), Day(3, 31), Day(4, 1)), 48 * 60) << "decided before the year";
}

TEST(UsageTest, M15HalfHoursAndTheLeastVisit) {
  EXPECT_EQ(Count(Tochigi(), "", Visit(95)).minutes, 90);
  EXPECT_EQ(Told(Tochigi(), Visit(95)), "");
  EXPECT_EQ(Told(Tochigi(), Visit(50)), "ends_at:VISIT_TOO_SHORT");
}

TEST(UsageTest, M16BeyondInsuranceByClass) {
  const ServiceRecord visit = Visit(180, "insured_minutes: 90");
  EXPECT_EQ(Told(Iizuka(), visit), "");
  EXPECT_EQ(Count(Iizuka(), "ordinary", visit), (Counted{90, 0, 10'125, 1'125}));
  EXPECT_EQ(Count(Iizuka(), "exempt", visit), (Counted{90, 0, 11'250, 0}));
  EXPECT_EQ(Count(Iizuka(), "ordinary", Visit(90, "unit_price_yen: 3001")), (Counted{90, 0, 8'102, 901}));
  EXPECT_EQ(Told(Iizuka(), Visit(90, "unit_price_yen: 3751")), "unit_price_yen:ABOVE_SCHEME");
}

TEST(UsageTest, OwnCostsByHoursAndClass) {
  const auto scheme = Read<ActivityScheme>(
      "unit_minutes: 30 rest: REST_COUNTED unit_price_yen: 3000 "
      "cost_classes { code: 'taxed' own_costs { up_to_minutes: 120 yen: 1000 } own_costs { up_to_minutes: 240 yen: "
      "1800 } } "
      "cost_classes { code: 'exempt' own_costs { up_to_minutes: 240 } } cost_classes { code: 'half' paid_percent: 50 "
      "}");
  struct Row {
    const char* what;
    const char* cost_class;
    int minutes;
    int64_t yen, own_yen;
  };
  for (const Row& row : {
           Row{"within the first step", "taxed", 60, 5'000, 1'000},
           Row{"at its end", "taxed", 120, 11'000, 1'000},
           Row{"the unit that is begun counts", "taxed", 121, 13'200, 1'800},
           Row{"beyond the last step", "taxed", 300, 28'200, 1'800},
           Row{"nothing of its own", "exempt", 240, 24'000, 0},
           Row{"a class by per cent beside them", "half", 120, 6'000, 6'000},
       }) {
    const Counted counted = Count(scheme, row.cost_class, Visit(row.minutes));
    EXPECT_EQ(counted.yen, row.yen) << row.what;
    EXPECT_EQ(counted.own_yen, row.own_yen) << row.what;
  }
  ActivityScheme cheap = scheme;
  cheap.set_unit_price_yen(200);
  EXPECT_EQ(Count(cheap, "taxed", Visit(60)), (Counted{60, 0, 0, 400})) << "no more than the price";
  cheap.set_unit_price_yen(1'355);
  cheap.set_yen_unit(100);
  EXPECT_EQ(Count(cheap, "taxed", Visit(60)), (Counted{60, 0, 1'700, 1'010}))
      << "what is cut off stays with the family";
}

TEST(UsageTest, TheClassOfADay) {
  const auto grant = Read<v1::UsageGrant>(
      "cost_class: 'a' later_classes { from_date { year: 2049 month: 7 day: 1 } cost_class: 'b' } "
      "later_classes { from_date { year: 2049 month: 10 day: 1 } cost_class: 'a' }");
  EXPECT_EQ(ClassOn(grant, jp::CivilDay(2049, 6, 30)), "a");
  EXPECT_EQ(ClassOn(grant, jp::CivilDay(2049, 7, 1)), "b");
  EXPECT_EQ(ClassOn(grant, jp::CivilDay(2049, 9, 30)), "b");
  EXPECT_EQ(ClassOn(grant, jp::CivilDay(2049, 10, 1)), "a");
}

TEST(UsageTest, M17TheWholeYear) {
  int64_t minutes = 0, yen = 0;
  for (int i = 0; i < 96; ++i) {
    const Counted counted = Count(Iizuka(), "ordinary", Visit(30));
    minutes += counted.minutes;
    yen += counted.yen;
  }
  EXPECT_EQ(minutes, MinutesByScheme(Iizuka(), Day(9), Day(9)));
  EXPECT_EQ(yen, 324'000);
}

TEST(UsageTest, M18StepsAndTheLongestVisit) {
  EXPECT_EQ(Told(Bunkyo(), Visit(135)), "ends_at:VISIT_OFF_STEP");
  EXPECT_EQ(Told(Bunkyo(), Visit(270)), "ends_at:VISIT_TOO_LONG");
  EXPECT_EQ(Told(Bunkyo(), Visit(240)), "");
  EXPECT_EQ(MinutesByScheme(Bunkyo(), Day(9), Day(9)), 288 * 60) << "300 hours do not fit";
  ServiceRecord wrong = Visit(95, "insured_minutes: 90 fee_minutes: 10 unit_price_yen: 1");
  wrong.set_place(v1::SERVICE_PLACE_NURSERY);
  EXPECT_EQ(Told(Bunkyo(), wrong),
            "insured_minutes:MINUTES_BEYOND_VISIT place:PLACE_NOT_IN_SCHEME unit_price_yen:ABOVE_SCHEME")
      << "every fault at once";
}

TEST(UsageTest, Times) {
  EXPECT_EQ(Told(Toshima(), Visit(0)), "ends_at:SERVICE_ENDS_BEFORE_START");
  EXPECT_EQ(Told(Tochigi(), Visit(0, "replaces: 'x'")), "") << "nothing was done after all";
  EXPECT_EQ(Count(Tochigi(), "", Visit(0, "replaces: 'x'")), Counted());
  EXPECT_EQ(Told(Toshima(), Read<ServiceRecord>("begins_at: 'x' ends_at: '25:00'")),
            "begins_at:MALFORMED_TIME ends_at:MALFORMED_TIME");
}

TEST(UsageTest, LimitPeriods) {
  ActivityScheme scheme = Tochigi();
  scheme.set_limit_period(ActivityScheme::LIMIT_PERIOD_QUARTER);
  scheme.set_limit_minutes(720);
  EXPECT_EQ(LimitPeriodOf(scheme, Day(3, 31, 2051)), (jp::Period{Day(1, 1, 2051), Day(3, 31, 2051)}));
  EXPECT_EQ(LimitPeriodOf(scheme, Day(4, 1)), (jp::Period{Day(4, 1), Day(6, 30)}));
  EXPECT_EQ(MinutesByScheme(scheme, Day(5), Day(6)), 480);
  EXPECT_EQ(MinutesByScheme(scheme, Day(5), Day(7)), 720) << "the next quarter is whole";
  scheme.set_limit_period(ActivityScheme::LIMIT_PERIOD_MONTH);
  EXPECT_EQ(LimitPeriodOf(scheme, Day(2, 3, 2052)), (jp::Period{Day(2, 1, 2052), Day(2, 29, 2052)}));
  EXPECT_EQ(MinutesByScheme(scheme, Day(5, 31), Day(5, 31)), 720);
  scheme.set_limit_minutes(100);
  scheme.set_limit_period(ActivityScheme::LIMIT_PERIOD_YEAR);
  EXPECT_EQ(MinutesByScheme(scheme, Day(5), Day(5)), 90) << "91 minutes and two thirds, in whole units";
}

TEST(UsageTest, DaysAndMinutesOfAGrant) {
  auto grant = Read<v1::UsageGrant>(
      "fiscal_year: 2050 application_date { year: 2050 month: 5 day: 28 } decision_date { year: 2050 month: 6 day: 10 "
      "}");
  EXPECT_EQ(DaysOf(Tochigi(), grant), (jp::Period{Day(5, 28), Day(3, 31, 2051)}))
      << "from receipt, hours from the decision";
  EXPECT_EQ(MinutesByGrant(Tochigi(), grant, Day(6)), 40 * 60);
  EXPECT_EQ(DaysOf(Bunkyo(), grant), (jp::Period{Day(6, 10), Day(3, 31, 2051)}));
  grant.set_minutes(600);
  EXPECT_EQ(MinutesByGrant(Tochigi(), grant, Day(6)), 600);
  EXPECT_EQ(MinutesByGrant(Toshima(), grant, Day(6)), 600) << "also where the scheme has no limit";
  *grant.mutable_end_date() = jp::ToDate(Day(9, 30));
  EXPECT_EQ(DaysOf(Tochigi(), grant).to, Day(9, 30));
  *grant.mutable_application_date() = *grant.mutable_decision_date() = jp::ToDate(Day(3, 10));
  EXPECT_EQ(DaysOf(Tochigi(), grant).from, Day(4, 1)) << "a renewal";
}

TEST(UsageTest, WhatIsCorrectedHoldsNoMore) {
  const auto named = [](const char* name, const char* replaces) {
    ServiceRecord record;
    record.set_name(name);
    record.set_replaces(replaces);
    return record;
  };
  const auto held = Holding({named("a", ""), named("b", "a"), named("c", "b"), named("d", "")});
  ASSERT_EQ(held.size(), 2);
  EXPECT_EQ(held[0].name() + held[1].name(), "cd");
}

// Counts minute by minute, and unit by unit.
Counted Judge(const ActivityScheme& scheme, int percent, int length, const ServiceRecord& record) {
  Counted counted;
  int own = 0, in_unit = 0;
  int64_t price = 0;
  const auto fill = [&] {
    counted.minutes += scheme.unit_minutes();
    price += record.unit_price_yen() == 0 ? scheme.unit_price_yen() : record.unit_price_yen();
    in_unit = 0;
  };
  for (int minute = 0; minute < length; ++minute) {
    if (minute < record.insured_minutes()) continue;
    if (minute < record.insured_minutes() + record.fee_minutes()) {
      ++counted.duplicate_minutes;
      continue;
    }
    ++own;
    if (++in_unit == scheme.unit_minutes()) fill();
  }
  if (in_unit > 0 && scheme.rest() == ActivityScheme::REST_COUNTED) fill();
  // The greatest multiple of the unit of yen that is at most the percentage.
  const int unit = scheme.yen_unit() == 0 ? 1 : scheme.yen_unit();
  while ((counted.yen + unit) * 100 <= price * percent) counted.yen += unit;
  counted.own_yen = price - counted.yen;
  return counted;
}

TEST(UsageTest, AnySchemeAsAJudgeCountsIt) {
  std::mt19937 random(7);
  const auto any = [&](int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); };
  for (int i = 0; i < 20'000; ++i) {
    ActivityScheme scheme;
    scheme.set_unit_minutes(any(0, 3) == 0 ? any(1, 90) : 30);
    scheme.set_rest(static_cast<ActivityScheme::Rest>(any(1, 3)));
    scheme.set_unit_price_yen(any(0, 500));
    scheme.set_yen_unit(any(0, 1) == 0 ? 0 : any(1, 100));
    const int percent = any(0, 100);
    auto* one = scheme.add_cost_classes();
    one->set_code("a");
    one->set_paid_percent(percent);
    const int length = any(1, 600), insured = any(0, 1) == 0 ? 0 : any(0, length);
    ServiceRecord record = Visit(length, "", any(0, 1440 - length));
    record.set_insured_minutes(insured);
    record.set_fee_minutes(any(0, 1) == 0 ? 0 : any(0, length - insured));
    record.set_unit_price_yen(any(0, 1) == 0 ? 0 : any(0, scheme.unit_price_yen()));
    const Counted counted = Count(scheme, "a", record);
    ASSERT_EQ(counted, Judge(scheme, percent, length, record))
        << scheme.ShortDebugString() << record.ShortDebugString();
    ASSERT_EQ(counted.minutes % scheme.unit_minutes(), 0);
    // Two visits are at the same time where they share a minute.
    const int other = any(0, 1380), other_length = any(1, 60);
    bool share = false;
    const int start = *jp::MinuteOfDay(record.begins_at());
    for (int minute = other; minute < other + other_length; ++minute)
      share |= start <= minute && minute < start + length;
    ASSERT_EQ(AtTheSameTime(record, Visit(other_length, "", other)), share);
  }
}

// Subtracting months one by one gives the same result.
TEST(UsageTest, AnyDecisionGetsTheMonthsThatAreLeft) {
  for (const auto period :
       {ActivityScheme::LIMIT_PERIOD_YEAR, ActivityScheme::LIMIT_PERIOD_QUARTER, ActivityScheme::LIMIT_PERIOD_MONTH}) {
    ActivityScheme scheme = Tochigi();
    scheme.set_limit_period(period);
    for (jp::CivilDay decided = Day(3, 1); decided <= Day(3, 31, 2051); ++decided) {
      for (jp::CivilDay day = std::max(decided, Day(4, 1)); day <= Day(3, 31, 2051); day += 13) {
        const jp::Period of = LimitPeriodOf(scheme, day);
        ASSERT_TRUE(of.Contains(day));
        int all = 0, left = 0;
        for (absl::CivilMonth month(of.from); month <= absl::CivilMonth(of.to); ++month) {
          ++all;
          left += month >= absl::CivilMonth(decided) ? 1 : 0;
        }
        ASSERT_EQ(MinutesByScheme(scheme, decided, day), 2880 * left / all / 30 * 30) << decided << " " << day;
      }
    }
  }
}

}  // namespace
}  // namespace tsunagu::subsidy::rules
