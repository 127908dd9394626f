#include "services/registry/rules/region.h"

#include <string>

#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

TEST(CheckRegion, NamesAPrefectureOrNothing) {
  struct Case {
    const char* name;
    const char* prefecture;
    const char* found;
  };
  const Case cases[] = {
      {"a prefecture", "areas/310000", ""},
      {"across prefectures", "", ""},
      {"a city", "areas/312011", "MALFORMED_VALUE"},
      {"no code", "areas/tottori", "MALFORMED_VALUE"},
  };
  for (const Case& c : cases) {
    v1::Region region;
    region.set_prefecture(c.prefecture);
    Faults faults;
    CheckRegion(region, faults);
    EXPECT_EQ(faults.empty() ? "" : std::string(ReasonWord(faults.all()[0])), c.found) << c.name;
  }
}

TEST(CheckRegionMember, LiesInTheRegionsPrefecture) {
  struct Case {
    const char* name;
    const char* prefecture;
    const char* area;
    const char* found;
  };
  const Case cases[] = {
      {"a city of it", "areas/310000", "areas/312011", ""},
      {"a city of another", "areas/310000", "areas/322016", "MEMBER_OUTSIDE_PREFECTURE"},
      {"across prefectures", "", "areas/322016", ""},
      {"a ward", "areas/140007", "areas/141011", ""},
  };
  for (const Case& c : cases) {
    v1::Region region;
    region.set_prefecture(c.prefecture);
    v1::RegionMember member;
    member.set_area(c.area);
    Faults faults;
    CheckRegionMember(member, region, faults);
    EXPECT_EQ(faults.empty() ? "" : std::string(ReasonWord(faults.all()[0])), c.found) << c.name;
  }
}

}  // namespace
}  // namespace tsunagu::registry::rules
