#include "services/matching/rules/distance.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

namespace tsunagu::matching::rules {
namespace {

constexpr int64_t kDegree = 1'000'000;  // in microdegrees
constexpr int64_t kCircle = 360 * kDegree;
constexpr int32_t kPole = 90 * kDegree;
constexpr int32_t kDateLine = 180 * kDegree;

// 10,000 microdegrees of a great circle, in centimetres: 6,371,008 m x pi / 180.
constexpr int64_t kArcUnit = 10'000;
constexpr int64_t kCentimetresPerArcUnit = 111'195;

// cos(0), cos(1), ... cos(90 degrees), times 2^30.
constexpr int kCosineBits = 30;
constexpr std::array<int64_t, 91> kCosines = {
    1073741824, 1073578288, 1073087729, 1072270298, 1071126243, 1069655912, 1067859754, 1065738315, 1063292242,
    1060522280, 1057429273, 1054014162, 1050277989, 1046221891, 1041847103, 1037154959, 1032146887, 1026824413,
    1021189159, 1015242840, 1008987269, 1002424350, 995556083,  988384560,  980911966,  973140576,  965072759,
    956710970,  948057759,  939115760,  929887697,  920376381,  910584710,  900515665,  890172315,  879557810,
    868675383,  857528349,  846120104,  834454122,  822533958,  810363241,  797945680,  785285058,  772385229,
    759250125,  745883746,  732290163,  718473518,  704438018,  690187940,  675727625,  661061475,  646193961,
    631129609,  615873009,  600428808,  584801711,  568996477,  553017922,  536870912,  520560366,  504091252,
    487468587,  470697435,  453782903,  436730145,  419544355,  402230767,  384794656,  367241333,  349576144,
    331804471,  313931728,  295963357,  277904834,  259761657,  241539355,  223243478,  204879599,  186453311,
    167970228,  149435979,  130856211,  112236583,  93582766,   74900443,   56195305,   37473049,   18739379,
    0};

// Returns the cosine times 2^30; it never increases with the distance from the equator.
int64_t Cosine(int64_t latitude_e6) {
  const int64_t latitude = std::min<int64_t>(std::abs(latitude_e6), kPole);
  const int64_t degree = latitude / kDegree;
  if (degree == 90) return 0;
  const int64_t drop = kCosines[degree] - kCosines[degree + 1];
  return kCosines[degree] - drop * (latitude % kDegree) / kDegree;
}

// Returns the integer part of the square root of a number below 2^63. The chord between two powers of 4 is at most 6 %
// off. Each step of Newton's method squares that error: three steps are enough for every bit, but may end one too high.
int64_t SquareRoot(uint64_t square) {
  if (square == 0) return 0;
  const int half = (std::bit_width(square) - 1) / 2;
  const uint64_t power = uint64_t{1} << half;
  uint64_t root = power + ((square >> half) - power) / 3;
  for (int step = 0; step < 3; ++step) root = (root + square / root) / 2;
  while (root * root > square) --root;
  return static_cast<int64_t>(root);
}

uint64_t SquaredCentimetres(int64_t arc_e6) {
  const uint64_t centimetres = static_cast<uint64_t>(arc_e6 * kCentimetresPerArcUnit / kArcUnit);
  return centimetres * centimetres;
}

}  // namespace

int64_t DistanceMetres(GeoPoint a, GeoPoint b) {
  const int64_t north = std::abs(int64_t{a.latitude_e6} - b.latitude_e6);
  const int64_t around = std::abs(int64_t{a.longitude_e6} - b.longitude_e6);
  const int64_t turn = std::min(around, kCircle - around);
  const int64_t east = (turn * Cosine((int64_t{a.latitude_e6} + b.latitude_e6) / 2)) >> kCosineBits;
  return (SquareRoot(SquaredCentimetres(north) + SquaredCentimetres(east)) + 50) / 100;
}

Box BoxAround(GeoPoint centre, int64_t metres) {
  // One metre and one microdegree more than needed, so that rounding above does not matter.
  const int64_t centimetres = (std::clamp<int64_t>(metres, 0, 100'000'000) + 1) * 100;
  const int64_t reach = std::min<int64_t>(centimetres * kArcUnit / kCentimetresPerArcUnit + 1, kCircle);
  Box box;
  box.south_e6 = static_cast<int32_t>(std::max<int64_t>(centre.latitude_e6 - reach, -kPole));
  box.north_e6 = static_cast<int32_t>(std::min<int64_t>(centre.latitude_e6 + reach, kPole));
  box.west_e6 = -kDateLine;
  box.east_e6 = kDateLine;
  const int64_t narrowest = Cosine(std::max(std::abs(box.south_e6), std::abs(box.north_e6)));
  if (narrowest == 0) return box;
  const int64_t turn = ((reach + 1) << kCosineBits) / narrowest + 1;
  if (centre.longitude_e6 - turn < -kDateLine || centre.longitude_e6 + turn > kDateLine) return box;
  box.west_e6 = static_cast<int32_t>(centre.longitude_e6 - turn);
  box.east_e6 = static_cast<int32_t>(centre.longitude_e6 + turn);
  return box;
}

}  // namespace tsunagu::matching::rules
