#ifndef TSUNAGU_SERVICES_MATCHING_RULES_WAY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_WAY_H_

#include <cstdint>

#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// Ways that are longer count as this long: above every commute limit, and below 2^20, the room that orders have for
// metres.
inline constexpr int64_t kFarthestMetres = (int64_t{1} << 20) - 1;

// The straight line, `metres` long, times a road factor in thousandths, rounded to the nearest metre, as WayMetres has
// it.
int64_t RoadMetres(int64_t metres, int32_t road_factor_permille);

// Metres of the way from her home to the opening: the straight line times the road factor there.
int64_t WayMetres(const Nurse& nurse, const Opening& opening);

// Minutes of that way by the table; 0 where it does not tell them.
int32_t WayMinutes(const Nurse& nurse, const Opening& opening);

// Whether her limit in minutes counts for this way, and not that in metres: she has said one, and the table tells the
// minutes.
bool GoesByMinutes(const Nurse& nurse, const Opening& opening);

// Whether only metres count, wherever she goes: no table tells her minutes, or she has said no limit in them.
bool GoesByMetres(const Nurse& nurse);

// Minutes and metres of the way beyond the limit that counts, one of them at most: 0 and 0 where she comes so far.
struct Beyond {
  int64_t metres = 0;
  int32_t minutes = 0;
};
Beyond BeyondLimit(const Nurse& nurse, const Opening& opening);

// Every opening that she could reach lies within so many metres of her home, in a straight line.
int64_t StraightReach(const Nurse& nurse);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_WAY_H_
