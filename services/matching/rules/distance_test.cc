#include "services/matching/rules/distance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

namespace tsunagu::matching::rules {
namespace {

double Haversine(GeoPoint a, GeoPoint b) {
  const double to_radians = std::acos(-1.0) / 180e6;
  const double north = (b.latitude_e6 - a.latitude_e6) * to_radians;
  const double east = (b.longitude_e6 - a.longitude_e6) * to_radians;
  const double h = std::pow(std::sin(north / 2), 2) + std::cos(a.latitude_e6 * to_radians) *
                                                          std::cos(b.latitude_e6 * to_radians) *
                                                          std::pow(std::sin(east / 2), 2);
  return 2 * 6'371'008.0 * std::asin(std::sqrt(h));
}

class Japan {
 public:
  int32_t Between(int32_t low, int32_t high) { return low + static_cast<int32_t>(random_() % (high - low + 1)); }
  GeoPoint Point() { return {Between(24'000'000, 46'000'000), Between(122'000'000, 154'000'000)}; }
  // Returns a point at most about `metres` away in each direction.
  GeoPoint Near(GeoPoint point, int32_t metres) {
    return {std::clamp(point.latitude_e6 + Between(-9 * metres, 9 * metres), 24'000'000, 46'000'000),
            point.longitude_e6 + Between(-12 * metres, 12 * metres)};
  }

 private:
  std::mt19937_64 random_{20251122};
};

std::string Show(GeoPoint a, GeoPoint b) {
  return std::to_string(a.latitude_e6) + "," + std::to_string(a.longitude_e6) + " to " + std::to_string(b.latitude_e6) +
         "," + std::to_string(b.longitude_e6);
}

TEST(DistanceTest, IsNearTheGreatCircleUpTo200Kilometres) {
  Japan japan;
  for (const int32_t metres : {10, 1'000, 20'000, 140'000}) {
    for (int i = 0; i < 20'000; ++i) {
      const GeoPoint a = japan.Point();
      const GeoPoint b = japan.Near(a, metres);
      const double truth = Haversine(a, b);
      if (truth > 200'000) continue;
      ASSERT_NEAR(static_cast<double>(DistanceMetres(a, b)), truth, 1 + truth * 0.001) << Show(a, b);
    }
  }
}

TEST(DistanceTest, IsNearTheGreatCircleStraightEastAndNorth) {
  for (int32_t latitude = 24'000'000; latitude <= 46'000'000; latitude += 50'000) {
    const GeoPoint a = {latitude, 135'000'000};
    for (const GeoPoint b : {GeoPoint{latitude, 136'900'000}, GeoPoint{latitude - 1'700'000, 135'000'000}}) {
      const double truth = Haversine(a, b);
      ASSERT_NEAR(static_cast<double>(DistanceMetres(a, b)), truth, truth * 0.001) << Show(a, b);
    }
  }
}

TEST(DistanceTest, IsSymmetricAndZeroForTheSamePoint) {
  Japan japan;
  for (int i = 0; i < 20'000; ++i) {
    const GeoPoint a = japan.Point();
    const GeoPoint b = japan.Point();
    ASSERT_EQ(DistanceMetres(a, b), DistanceMetres(b, a)) << Show(a, b);
    ASSERT_EQ(DistanceMetres(a, a), 0) << Show(a, a);
  }
}

// On a meridian the distance is a multiplication: the square root must reproduce it for every size.
TEST(DistanceTest, IsExactOnAMeridian) {
  Japan globe;
  for (int i = 0; i < 200'000; ++i) {
    const int32_t north_e6 = globe.Between(0, 180'000'000) >> globe.Between(0, 27);
    const int64_t centimetres = int64_t{north_e6} * 111'195 / 10'000;
    ASSERT_EQ(DistanceMetres({-90'000'000, 0}, {north_e6 - 90'000'000, 0}), (centimetres + 50) / 100) << north_e6;
  }
}

struct Known {
  const char* name;
  GeoPoint a;
  GeoPoint b;
  int64_t metres;
};

// These values must not change: stored results are verified with them.
TEST(DistanceTest, NeverChanges) {
  const Known kKnown[] = {
      {"one microdegree is nothing", {35'000'000, 139'000'000}, {35'000'001, 139'000'000}, 0},
      {"ten microdegrees", {35'000'000, 139'000'000}, {35'000'010, 139'000'000}, 1},
      {"a degree of latitude", {35'000'000, 139'000'000}, {36'000'000, 139'000'000}, 111'195},
      {"a degree of longitude on the equator", {0, 0}, {0, 1'000'000}, 111'195},
      {"a degree of longitude at 60 N", {60'000'000, 0}, {60'000'000, 1'000'000}, 55'598},
      {"the same at 60 S", {-60'000'000, 0}, {-60'000'000, 1'000'000}, 55'598},
      {"across the date line", {0, 179'500'000}, {0, -179'500'000}, 111'195},
      {"Tokyo to Yokohama station", {35'681'236, 139'767'125}, {35'465'786, 139'622'313}, 27'303},
      {"pole to pole", {90'000'000, 0}, {-90'000'000, 0}, 20'015'100},
  };
  for (const Known& row : kKnown) EXPECT_EQ(DistanceMetres(row.a, row.b), row.metres) << row.name;
}

TEST(BoxAroundTest, HoldsEverythingWithinReach) {
  Japan japan;
  for (const int32_t metres : {0, 1, 50, 1'000, 20'000, 300'000}) {
    for (int i = 0; i < 20'000; ++i) {
      const GeoPoint a = japan.Point();
      const GeoPoint b = japan.Near(a, metres + 1);
      const int64_t distance = DistanceMetres(a, b);
      ASSERT_TRUE(BoxAround(a, distance).Holds(b)) << Show(a, b);
    }
  }
}

TEST(BoxAroundTest, HoldsEverythingOnTheGlobe) {
  Japan globe;
  for (int i = 0; i < 50'000; ++i) {
    const GeoPoint a = {globe.Between(-90'000'000, 90'000'000), globe.Between(-180'000'000, 180'000'000)};
    const GeoPoint b = {globe.Between(-90'000'000, 90'000'000), globe.Between(-180'000'000, 180'000'000)};
    ASSERT_TRUE(BoxAround(a, DistanceMetres(a, b)).Holds(b)) << Show(a, b);
  }
}

TEST(BoxAroundTest, IsNotMuchLargerThanNeeded) {
  const Box box = BoxAround({35'000'000, 139'000'000}, 20'000);
  EXPECT_NEAR(box.north_e6 - 35'000'000, 179'900, 200);
  EXPECT_NEAR(box.east_e6 - 139'000'000, 220'100, 600);
  EXPECT_EQ(box.north_e6 - 35'000'000, 35'000'000 - box.south_e6);
  EXPECT_EQ(box.east_e6 - 139'000'000, 139'000'000 - box.west_e6);
}

TEST(BoxAroundTest, TakesAnyReach) {
  for (const int64_t metres : {int64_t{30'000'000}, int64_t{INT32_MAX}, INT64_MAX}) {
    const Box box = BoxAround({35'000'000, 139'000'000}, metres);
    EXPECT_TRUE(box.Holds({-90'000'000, -180'000'000}) && box.Holds({90'000'000, 180'000'000})) << metres;
  }
  EXPECT_TRUE(BoxAround({35'000'000, 139'000'000}, -5).Holds({35'000'000, 139'000'000}));
}

}  // namespace
}  // namespace tsunagu::matching::rules
