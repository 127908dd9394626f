#ifndef TSUNAGU_COMMON_JP_MESH_H_
#define TSUNAGU_COMMON_JP_MESH_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::jp {

// A point on earth in millionths of a degree (JGD2011), north and east positive.
struct GeoPoint {
  int32_t latitude_e6 = 0;
  int32_t longitude_e6 = 0;

  friend bool operator==(const GeoPoint& a, const GeoPoint& b) {
    return a.latitude_e6 == b.latitude_e6 && a.longitude_e6 == b.longitude_e6;
  }
};

// Returns the centre of a cell of the standard grid (地域メッシュ, JIS X 0410, third order: 30 by 45 seconds, about 1
// km), to the nearest millionth of a degree. Errors: MALFORMED_MESH_CODE unless `code` is eight ASCII digits of a cell
// within the grid over Japan (first-order cells 30 to 68 north, 22 to 53 east).
absl::StatusOr<GeoPoint> MeshCentre(absl::string_view code);

// Returns the code of the cell that contains the point; a point on an edge belongs to the cell north or east of it.
// Empty for a point outside the grid over Japan.
std::string MeshOf(GeoPoint point);

// Returns the code from its forms in files (５３３９４５２６, 5339-45-26, 5339 45 26) without hyphens and white space,
// in ASCII. MeshCentre checks whether it is valid.
std::string MeshCodeAsWritten(absl::string_view text);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_MESH_H_
