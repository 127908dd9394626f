#include "tools/demo/places.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/jp/area_code.h"
#include "services/suite/print_error.h"

namespace tsunagu::demo {
namespace {

constexpr int kCellE6 = 100'000;
constexpr size_t kPrefectureLength = 8;  // of areas/31

std::pair<int, int> CellOf(jp::GeoPoint point) {
  return {point.latitude_e6 / kCellE6, point.longitude_e6 / kCellE6};  // Japan lies north and east of zero
}

}  // namespace

std::vector<Place> PlacesOf(absl::Span<const registry::v1::Facility> facilities, absl::string_view area) {
  std::vector<Place> places;
  for (const registry::v1::Facility& facility : facilities) {
    if (!facility.has_latitude_e6() || !facility.has_longitude_e6()) continue;
    if (!absl::StartsWith(facility.area(), area.substr(0, kPrefectureLength))) continue;
    places.push_back({facility.name(),
                      facility.source_key().empty() ? facility.name() : facility.source_key(),
                      facility.area(),
                      {facility.latitude_e6(), facility.longitude_e6()}});
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.key < b.key; });
  return places;
}

absl::StatusOr<std::string> PrefectureArea(absl::string_view code) {
  const auto read = code.size() == 2 ? jp::AreaCode::FromFive(absl::StrCat(code, "000")) : jp::AreaCode::Parse(code);
  if (read.ok() && read->IsPrefecture()) return absl::StrCat("areas/", read->six());
  return suite::FailHere(absl::StatusCode::kInvalidArgument, "MALFORMED_PREFECTURE",
                         absl::StrCat("都道府県は 31 または 310000 のように指定してください: ", code),
                         absl::StrCat("A prefecture is given as 31 or 310000: ", code));
}

std::string InPrefecture(absl::string_view field, absl::string_view area) {
  if (area.empty()) return "";
  const absl::string_view prefecture = area.substr(0, kPrefectureLength);
  return absl::StrCat(field, " >= \"", prefecture, "\" AND ", field, " <= \"", prefecture, "9999\"");
}

PlaceGrid::PlaceGrid(absl::Span<const Place> places) {
  for (const Place& place : places) cells_[CellOf(place.point)].push_back(&place);
}

std::vector<const Place*> PlaceGrid::Near(jp::GeoPoint point) const {
  const auto [row, column] = CellOf(point);
  std::vector<const Place*> near;
  for (int north = row - 1; north <= row + 1; ++north) {
    for (int east = column - 1; east <= column + 1; ++east) {
      const auto found = cells_.find({north, east});
      if (found != cells_.end()) near.insert(near.end(), found->second.begin(), found->second.end());
    }
  }
  std::sort(near.begin(), near.end());  // pointers into one span: its order
  return near;
}

}  // namespace tsunagu::demo
