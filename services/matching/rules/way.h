#ifndef TSUNAGU_SERVICES_MATCHING_RULES_WAY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_WAY_H_

#include <cstdint>

#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// The length of every longer way, too: above every commute limit, and below 2^20, the space that orders have for
// metres.
inline constexpr int64_t kFarthestMetres = (int64_t{1} << 20) - 1;

// Returns `metres`, the straight line, times a road factor in thousandths, rounded to the nearest metre as in
// WayMetres.
int64_t RoadMetres(int64_t metres, int32_t road_factor_permille);

// Returns the metres of the way from her home to the opening: the straight line times the opening's road factor.
int64_t WayMetres(const Nurse& nurse, const Opening& opening);

// Returns the minutes of that way from the table; 0 if the table does not have them.
int32_t WayMinutes(const Nurse& nurse, const Opening& opening);

// Returns whether her limit in minutes applies to this way instead of the one in metres: she has set one, and the table
// has the minutes.
bool GoesByMinutes(const Nurse& nurse, const Opening& opening);

// Returns whether only metres count, wherever she goes: no table has her minutes, or she has set no limit in minutes.
bool GoesByMetres(const Nurse& nurse);

// By how much the way exceeds the limit that applies, in minutes or in metres; both are 0 if the way is within the
// limit.
struct Beyond {
  int64_t metres = 0;
  int32_t minutes = 0;
};
Beyond BeyondLimit(const Nurse& nurse, const Opening& opening);

// Returns a radius in metres, in a straight line from her home, within which every opening lies that she can reach.
int64_t StraightReach(const Nurse& nurse);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_WAY_H_
