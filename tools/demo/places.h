#ifndef TSUNAGU_TOOLS_DEMO_PLACES_H_
#define TSUNAGU_TOOLS_DEMO_PLACES_H_

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/jp/mesh.h"
#include "tsunagu/registry/v1/facility.pb.h"

namespace tsunagu::demo {

// A facility with a known place.
struct Place {
  std::string name;  // facilities/…
  std::string key;   // the same in every database that imported the same file
  std::string area;
  jp::GeoPoint point;
};

// Returns the facilities of the prefecture `area` (empty: of any) with a known place, ordered by key.
std::vector<Place> PlacesOf(absl::Span<const registry::v1::Facility> facilities, absl::string_view area);

// Returns areas/310000 for 31 or 310000. Errors: MALFORMED_PREFECTURE.
absl::StatusOr<std::string> PrefectureArea(absl::string_view code);

// Returns the AIP-160 filter for rows whose `field` is in the prefecture; empty if `area` is empty.
std::string InPrefecture(absl::string_view field, absl::string_view area);

// An index of places in cells of a tenth of a degree (about 11 by 9 km), to find near places without looking at the
// others.
class PlaceGrid {
 public:
  // Keeps a reference to `places`, which must outlive this object.
  explicit PlaceGrid(absl::Span<const Place> places);
  // Returns the places in the cell of the point and the eight cells around it, hence all within about 9 km, in the
  // order of `places`.
  std::vector<const Place*> Near(jp::GeoPoint point) const;

 private:
  std::map<std::pair<int, int>, std::vector<const Place*>> cells_;
};

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_PLACES_H_
