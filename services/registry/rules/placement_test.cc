#include "services/registry/rules/placement.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

template <typename Record>
Record Until(const std::string& day) {
  Record record;
  if (!day.empty()) *record.mutable_valid_to_date() = jp::ToDate(*jp::ParseDay(day));
  return record;
}

TEST(CheckDays, OutlastsNoCoordinator) {
  struct Case {
    const char* name;
    const char* placed_until;
    const char* registered_until;
    const char* found;
  };
  const Case cases[] = {
      {"both go on", "", "", ""},
      {"she goes on", "2025-03-31", "", ""},
      {"on the same day", "2025-03-31", "2025-03-31", ""},
      {"a day later", "2025-04-01", "2025-03-31", "COORDINATOR_ENDED"},
      {"it goes on", "", "2025-03-31", "COORDINATOR_ENDED"},
  };
  for (const Case& c : cases) {
    Faults faults;
    CheckDays(Until<v1::Placement>(c.placed_until), Until<v1::Coordinator>(c.registered_until), faults);
    EXPECT_EQ(faults.empty() ? "" : std::string(ReasonWord(faults.all()[0])), c.found) << c.name;
  }
}

TEST(CheckPlacement, ByItself) {
  struct Case {
    const char* name;
    v1::PlacementDuty duty;
    const char* other_duty;
    std::vector<std::string> territory;
    const char* found;
  };
  const Case cases[] = {
      {"nothing is recorded", v1::PLACEMENT_DUTY_UNSPECIFIED, "", {}, ""},
      {"another duty", v1::PLACEMENT_DUTY_CONCURRENT, "見本", {}, ""},
      {"another duty, not said which", v1::PLACEMENT_DUTY_CONCURRENT, "", {}, ""},
      {"none, and one", v1::PLACEMENT_DUTY_DEDICATED, "見本", {}, "other_duty:OTHER_DUTY_UNWANTED"},
      {"one, and not said that there is", v1::PLACEMENT_DUTY_UNSPECIFIED, "見本", {}, "other_duty:OTHER_DUTY_UNWANTED"},
      {"two areas", v1::PLACEMENT_DUTY_UNSPECIFIED, "", {"areas/312011", "areas/313025"}, ""},
      {"one twice",
       v1::PLACEMENT_DUTY_UNSPECIFIED,
       "",
       {"areas/312011", "areas/313025", "areas/312011"},
       "territory[2]:TERRITORY_REPEATED"},
  };
  for (const Case& c : cases) {
    v1::Placement placement;
    placement.set_duty(c.duty);
    placement.set_other_duty(c.other_duty);
    for (const std::string& area : c.territory) placement.add_territory(area);
    Faults faults;
    CheckPlacement(placement, faults);
    std::string found;
    for (const Fault& fault : faults.all()) found += fault.field() + ":" + ReasonWord(fault);
    EXPECT_EQ(found, c.found) << c.name;
  }
}

v1::Placement APlacement(const std::string& from, const std::string& to) {
  v1::Placement placement = Until<v1::Placement>(to);
  placement.set_name("placements/p1");
  placement.set_coordinator("coordinators/c1");
  *placement.mutable_valid_from_date() = jp::ToDate(*jp::ParseDay(from));
  return placement;
}

v1::MovePlacementRequest To(const std::string& coordinator, const std::string& last_day) {
  v1::MovePlacementRequest request;
  request.set_coordinator(coordinator);
  *request.mutable_end_date() = jp::ToDate(*jp::ParseDay(last_day));
  return request;
}

TEST(HandOver, Days) {
  struct Case {
    const char* name;
    const char* to;  // of the placement, which begins on 2025-04-01
    const char* last_day;
    const char* next;  // its days
    const char* found;
  };
  const Case cases[] = {
      {"in between", "2026-03-31", "2025-09-30", "2025-10-01 2026-03-31", ""},
      {"on the first day", "2026-03-31", "2025-04-01", "2025-04-02 2026-03-31", ""},
      {"on the day before the last", "2026-03-31", "2026-03-30", "2026-03-31 2026-03-31", ""},
      {"it goes on", "", "2026-03-31", "2026-04-01 -", ""},
      {"before the first day", "2026-03-31", "2025-03-31", "2025-04-01 2026-03-31", "PERIOD_ENDS_BEFORE_START"},
      {"long before", "2026-03-31", "2020-03-31", "2025-04-01 2026-03-31", "PERIOD_ENDS_BEFORE_START"},
      {"on the last day", "2026-03-31", "2026-03-31", "2026-03-31 2026-03-31", "NOTHING_TO_HAND_OVER"},
      {"after it", "2026-03-31", "2027-03-31", "2026-03-31 2026-03-31", "NOTHING_TO_HAND_OVER"},
  };
  for (const Case& c : cases) {
    const v1::Placement before = APlacement("2025-04-01", c.to);
    const v1::MovePlacementRequest request = To("coordinators/c2", c.last_day);
    const v1::Placement next = HandOverOf(before, request).next;
    const std::string to = next.has_valid_to_date() ? jp::FormatIso(LastDay(next)) : "-";
    EXPECT_EQ(jp::FormatIso(jp::DayOf(next.valid_from_date())) + " " + to, c.next) << c.name;
    Faults faults;
    CheckHandOver(before, request, faults);
    EXPECT_EQ(faults.empty() ? "" : ReasonWord(faults.all()[0]), c.found) << c.name;
  }
}

TEST(LastDay, OfADayThatThereIsNotIsNone) {
  v1::Placement placement;
  placement.mutable_valid_to_date()->set_year(2025);
  placement.mutable_valid_to_date()->set_month(2);
  placement.mutable_valid_to_date()->set_day(30);
  EXPECT_EQ(LastDay(placement), jp::kLastDay);
}

}  // namespace
}  // namespace tsunagu::registry::rules
