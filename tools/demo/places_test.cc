#include "tools/demo/places.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::demo {
namespace {

using ::testing::ElementsAre;

registry::v1::Facility Facility(const char* name, const char* key, const char* area, int latitude_e6) {
  registry::v1::Facility facility;
  facility.set_name(name);
  facility.set_source_key(key);
  facility.set_area(area);
  if (latitude_e6 > 0) facility.set_latitude_e6(latitude_e6);
  if (latitude_e6 > 0) facility.set_longitude_e6(134'000'000);
  return facility;
}

std::vector<std::string> NamesIn(const std::vector<Place>& places) {
  std::vector<std::string> names;
  for (const Place& place : places) names.push_back(place.name);
  return names;
}

TEST(PrefectureArea, TakesTwoOrSixDigits) {
  struct Case {
    const char* name;
    const char* code;
    const char* area;  // empty: refused
  };
  const Case cases[] = {
      {"two digits", "31", "areas/310000"},
      {"six digits", "310000", "areas/310000"},
      {"leading zero", "01", "areas/010006"},
      {"a municipality", "312011", ""},
      {"wrong check digit", "310001", ""},
      {"no such prefecture", "48", ""},
      {"letters", "ab", ""},
      {"empty", "", ""},
      {"a name", "鳥取県", ""},
  };
  for (const Case& c : cases) {
    const auto area = PrefectureArea(c.code);
    EXPECT_EQ(area.value_or(""), c.area) << c.name;
  }
}

TEST(InPrefecture, HoldsThePrefectureAndAllInIt) {
  EXPECT_EQ(InPrefecture("area", "areas/310000"), "area >= \"areas/31\" AND area <= \"areas/319999\"");
  EXPECT_EQ(InPrefecture("area", ""), "");
}

TEST(PlacesOf, AreThoseOfTheAreaWithAPlaceByKey) {
  const std::vector<registry::v1::Facility> facilities = {Facility("facilities/b", "2", "areas/312011", 35'000'000),
                                                          Facility("facilities/a", "3", "areas/312029", 35'000'000),
                                                          Facility("facilities/c", "1", "areas/322016", 35'000'000),
                                                          Facility("facilities/d", "0", "areas/312011", 0),
                                                          Facility("facilities/e", "", "", 35'000'000)};
  EXPECT_THAT(NamesIn(PlacesOf(facilities, "areas/310000")), ElementsAre("facilities/b", "facilities/a"));
  EXPECT_THAT(NamesIn(PlacesOf(facilities, "")),
              ElementsAre("facilities/c", "facilities/b", "facilities/a", "facilities/e"));
}

TEST(PlaceGrid, FindsWhatIsNear) {
  const std::vector<Place> places = {{"far", "", "", {36'000'000, 134'000'000}},
                                     {"next cell", "", "", {35'101'000, 134'000'000}},
                                     {"same", "", "", {35'050'000, 134'050'000}},
                                     {"two cells away", "", "", {35'201'000, 134'000'000}}};
  const PlaceGrid grid(places);
  std::vector<std::string> near;
  for (const Place* place : grid.Near({35'060'000, 134'040'000})) near.push_back(place->name);
  EXPECT_THAT(near, ElementsAre("next cell", "same"));
}

}  // namespace
}  // namespace tsunagu::demo
