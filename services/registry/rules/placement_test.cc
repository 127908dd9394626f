#include "services/registry/rules/placement.h"

#include <string>

#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

template <typename Record>
Record Until(const std::string& day) {
  Record record;
  if (!day.empty()) *record.mutable_valid_to_date() = jp::ToDate(*jp::ParseDay(day));
  return record;
}

TEST(CheckPlacement, OutlastsNoCoordinator) {
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
    CheckPlacement(Until<v1::Placement>(c.placed_until), Until<v1::Coordinator>(c.registered_until), faults);
    EXPECT_EQ(faults.empty() ? "" : std::string(ReasonWord(faults.all()[0])), c.found) << c.name;
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
