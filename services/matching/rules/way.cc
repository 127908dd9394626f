#include "services/matching/rules/way.h"

#include <algorithm>

#include "services/matching/rules/distance.h"

namespace tsunagu::matching::rules {

int64_t RoadMetres(int64_t metres, int32_t road_factor_permille) {
  return std::min(kFarthestMetres, (metres * road_factor_permille + 500) / 1000);
}

int64_t WayMetres(const Nurse& nurse, const Opening& opening) {
  return RoadMetres(DistanceMetres(nurse.home, opening.place), opening.road_factor_permille);
}

int32_t WayMinutes(const Nurse& nurse, const Opening& opening) {
  if (nurse.ways == nullptr || opening.site < 0) return 0;
  const auto way = std::lower_bound(nurse.ways->begin(), nurse.ways->end(), opening.site,
                                    [](const TimedWay& one, int32_t site) { return one.site < site; });
  return way == nurse.ways->end() || way->site != opening.site ? 0 : way->minutes;
}

bool GoesByMinutes(const Nurse& nurse, const Opening& opening) {
  return nurse.commute_limit_minutes > 0 && WayMinutes(nurse, opening) > 0;
}

bool GoesByMetres(const Nurse& nurse) { return nurse.commute_limit_minutes <= 0 || nurse.ways == nullptr; }

Beyond BeyondLimit(const Nurse& nurse, const Opening& opening) {
  const int32_t minutes = nurse.commute_limit_minutes > 0 ? WayMinutes(nurse, opening) : 0;
  if (minutes > 0) return {0, std::max(0, minutes - nurse.commute_limit_minutes)};
  return {std::max<int64_t>(0, WayMetres(nurse, opening) - nurse.commute_limit_metres), 0};
}

// A road is never shorter than the straight line, so her limit in metres also limits the straight line.
int64_t StraightReach(const Nurse& nurse) {
  int64_t reach = nurse.commute_limit_metres;
  if (GoesByMetres(nurse)) return reach;
  for (const TimedWay& way : *nurse.ways) {
    if (way.minutes <= nurse.commute_limit_minutes) reach = std::max<int64_t>(reach, way.straight_metres);
  }
  return reach;
}

}  // namespace tsunagu::matching::rules
