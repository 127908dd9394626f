#include "services/matching/rules/opening_grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/matching/rules/testing/random_instance.h"

namespace tsunagu::matching::rules {
namespace {

using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

std::vector<int32_t> In(const OpeningGrid& grid, const Box& box) {
  std::vector<int32_t> found;
  grid.ForEachIn(box, [&](int32_t opening, GeoPoint) { found.push_back(opening); });
  return found;
}

std::vector<int32_t> InByLooking(const std::vector<Opening>& openings, const Box& box) {
  std::vector<int32_t> found;
  for (size_t i = 0; i < openings.size(); ++i) {
    const GeoPoint p = openings[i].place;
    if (p.latitude_e6 < box.south_e6 || p.latitude_e6 > box.north_e6) continue;
    if (p.longitude_e6 < box.west_e6 || p.longitude_e6 > box.east_e6) continue;
    found.push_back(static_cast<int32_t>(i));
  }
  return found;
}

TEST(OpeningGridTest, FindsWhatLookingAtAllFinds) {
  InstanceMaker maker(1);
  const Instance instance = maker.Make({.openings = 500, .extent_e6 = 1'000'000});
  const OpeningGrid grid(instance.openings);
  for (int i = 0; i < 2'000; ++i) {
    const GeoPoint centre = {34'800'000 + maker.Below(1'400'000), 138'800'000 + maker.Below(1'400'000)};
    const Box box = BoxAround(centre, maker.Below(60'000));
    ASSERT_THAT(In(grid, box), UnorderedElementsAreArray(InByLooking(instance.openings, box))) << i;
  }
}

TEST(OpeningGridTest, HoldsTheEdges) {
  std::vector<Opening> openings(3);
  openings[0].place = {35'000'000, 139'000'000};
  openings[1].place = {35'050'000, 139'000'000};
  openings[2].place = {35'100'000, 139'000'000};
  const OpeningGrid grid(openings);
  EXPECT_THAT(In(grid, {35'000'000, 35'050'000, 139'000'000, 139'000'000}), UnorderedElementsAre(0, 1));
  EXPECT_THAT(In(grid, {35'000'001, 35'100'000, 139'000'000, 139'000'000}), UnorderedElementsAre(1, 2));
  EXPECT_THAT(In(grid, {35'000'000, 35'100'000, 139'000'001, 139'000'002}), UnorderedElementsAre());
  EXPECT_THAT(In(grid, {-90'000'000, 90'000'000, -180'000'000, 180'000'000}), UnorderedElementsAre(0, 1, 2));
  EXPECT_THAT(In(grid, {30'000'000, 34'999'999, 138'000'000, 140'000'000}), UnorderedElementsAre());
  EXPECT_THAT(In(grid, {35'100'001, 36'000'000, 138'000'000, 140'000'000}), UnorderedElementsAre());
}

TEST(OpeningGridTest, MayBeEmpty) {
  const OpeningGrid grid({});
  EXPECT_THAT(In(grid, {-90'000'000, 90'000'000, -180'000'000, 180'000'000}), UnorderedElementsAre());
}

}  // namespace
}  // namespace tsunagu::matching::rules
