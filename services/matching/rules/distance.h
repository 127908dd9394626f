#ifndef TSUNAGU_SERVICES_MATCHING_RULES_DISTANCE_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_DISTANCE_H_

#include <cstdint>

#include "common/jp/mesh.h"

namespace tsunagu::matching::rules {

using jp::GeoPoint;

// The distance over the ground in whole metres, rounded to the nearest. Integers only, hence the same on any machine.
// Points are in microdegrees: latitude -90,000,000 to 90,000,000, longitude -180,000,000 to 180,000,000.
// Symmetric; 0 for the same point. Up to 200 km in Japan (24 to 46 degrees north) within 0.1 % and one metre of the
// great circle on a sphere of 6,371,008 m; farther apart or elsewhere it is defined, but coarser.
int64_t DistanceMetres(GeoPoint a, GeoPoint b);

// Bounds in microdegrees, all four of them inside the box.
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

// A box that holds every point within `metres` of `centre` as DistanceMetres tells it, and little else. All longitudes
// where it would cross the 180th meridian or touch a pole. A negative `metres` counts as 0.
Box BoxAround(GeoPoint centre, int64_t metres);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_DISTANCE_H_
