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

// A facility whose place is known.
struct Place {
  std::string name;  // facilities/…
  std::string key;   // the same in every database that holds the same file
  std::string area;
  jp::GeoPoint point;
};

// Those facilities of the prefecture `area` (of any where it is empty) whose place is known, in order of their keys.
std::vector<Place> PlacesOf(absl::Span<const registry::v1::Facility> facilities, absl::string_view area);

// areas/310000 for 31 or 310000. MALFORMED_PREFECTURE where it is none.
absl::StatusOr<std::string> PrefectureArea(absl::string_view code);

// The AIP-160 filter for rows whose `field` lies in the prefecture; empty where `area` is.
std::string InPrefecture(absl::string_view field, absl::string_view area);

// Places by cells of a tenth of a degree (about 11 by 9 km): finds what is near without looking at the rest.
class PlaceGrid {
 public:
  // Refers to `places`, which outlive it.
  explicit PlaceGrid(absl::Span<const Place> places);
  // Those in the cell of the point and the eight around it, hence all within about 9 km, in the order of `places`.
  std::vector<const Place*> Near(jp::GeoPoint point) const;

 private:
  std::map<std::pair<int, int>, std::vector<const Place*>> cells_;
};

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_PLACES_H_
