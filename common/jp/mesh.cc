#include "common/jp/mesh.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "common/jp/code_points.h"

namespace tsunagu::jp {
namespace {

// Third-order cells are counted from the equator and from 100° E. A first-order cell is 80 of them high and wide, a
// second-order cell 10.
constexpr int64_t kFirst = 80;
constexpr int64_t kSecond = 10;
constexpr int64_t kSouth = 30 * kFirst, kNorth = 69 * kFirst;
constexpr int64_t kWest = 22 * kFirst, kEast = 54 * kFirst;

// A cell is 25000/3 millionths of a degree high and 12500 wide.
constexpr int64_t kHeightTimes3 = 25000;
constexpr int64_t kWidth = 12500;
constexpr int64_t kOriginLongitude = 100000000;

bool InGrid(int64_t row, int64_t column) { return row >= kSouth && row < kNorth && column >= kWest && column < kEast; }

int64_t CellNumber(int64_t first, char second, char third) {
  return first * kFirst + (second - '0') * kSecond + (third - '0');
}

}  // namespace

absl::StatusOr<GeoPoint> MeshCentre(absl::string_view code) {
  const bool digits = std::all_of(code.begin(), code.end(), absl::ascii_isdigit);
  if (code.size() != 8 || !digits || code[4] > '7' || code[5] > '7') return Fail("MALFORMED_MESH_CODE"_reason);
  const int64_t row = CellNumber((code[0] - '0') * 10 + (code[1] - '0'), code[4], code[6]);
  const int64_t column = CellNumber((code[2] - '0') * 10 + (code[3] - '0'), code[5], code[7]);
  if (!InGrid(row, column)) return Fail("MALFORMED_MESH_CODE"_reason);
  // (2 * row + 1) * kHeightTimes3 / 6, rounded to the nearest integer.
  const int64_t latitude = ((2 * row + 1) * kHeightTimes3 + 3) / 6;
  const int64_t longitude = kOriginLongitude + column * kWidth + kWidth / 2;
  return GeoPoint{static_cast<int32_t>(latitude), static_cast<int32_t>(longitude)};
}

std::string MeshOf(GeoPoint point) {
  if (point.latitude_e6 < 0 || point.longitude_e6 < kOriginLongitude) return "";
  const int64_t row = int64_t{point.latitude_e6} * 3 / kHeightTimes3;
  const int64_t column = (point.longitude_e6 - kOriginLongitude) / kWidth;
  if (!InGrid(row, column)) return "";
  return absl::StrCat(row / kFirst, column / kFirst, row % kFirst / kSecond, column % kFirst / kSecond, row % kSecond,
                      column % kSecond);
}

std::string MeshCodeAsWritten(absl::string_view text) {
  return absl::StrReplaceAll(NarrowTrimmed(text), {{"-", ""}, {"‐", ""}, {"‑", ""}, {"–", ""}, {"ー", ""}, {" ", ""}});
}

}  // namespace tsunagu::jp
