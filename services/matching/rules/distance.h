#ifndef TSUNAGU_SERVICES_MATCHING_RULES_DISTANCE_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_DISTANCE_H_

#include <cstdint>

#include "common/jp/mesh.h"

namespace tsunagu::matching::rules {

using jp::GeoPoint;

// Returns the distance over the ground in whole metres, rounded to the nearest. Uses integers only, so every machine
// returns the same value. Points are in microdegrees: latitude -90,000,000 to 90,000,000, longitude -180,000,000 to
// 180,000,000. The function is symmetric and returns 0 for equal points. For up to 200 km in Japan (24 to 46 degrees
// north) the result is within 0.1 % plus one metre of the great circle on a sphere of 6,371,008 m. Elsewhere, or
// farther apart, it is defined but less exact.
int64_t DistanceMetres(GeoPoint a, GeoPoint b);

// Bounds in microdegrees, inclusive.
struct Box {
  int32_t south_e6 = 0;
  int32_t north_e6 = 0;
  int32_t west_e6 = 0;
  int32_t east_e6 = 0;

  bool Holds(GeoPoint point) const {
    return south_e6 <= point.latitude_e6 && point.latitude_e6 <= north_e6 && west_e6 <= point.longitude_e6 &&
           point.longitude_e6 <= east_e6;
  }
};

// Returns a box that contains every point whose DistanceMetres from `centre` is at most `metres`, and little more. If
// the box would cross the 180th meridian or touch a pole, it contains all longitudes. A negative `metres` counts as 0.
Box BoxAround(GeoPoint centre, int64_t metres);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_DISTANCE_H_
