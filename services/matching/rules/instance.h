#ifndef TSUNAGU_SERVICES_MATCHING_RULES_INSTANCE_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_INSTANCE_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "common/jp/period.h"
#include "services/matching/rules/distance.h"
#include "tsunagu/registry/v1/qualification.pb.h"

namespace tsunagu::matching::rules {

// The version of everything that decides a round: who is eligible, what a nurse accepts, whom a post takes first.
inline constexpr int kRuleTableVersion = 3;

// What rule table 1 put on a nurse's list beside her wishes: the nearest openings, up to this one. Later tables cut
// nothing.
struct Cut {
  std::vector<int32_t> wished;  // facilities, in rising order
  int64_t metres = 0;           // of the last on her list
  std::string name;             // its name: of those as far away, the smaller ones are on it too
};

// The bit of a licence in Nurse and Opening.
constexpr uint32_t LicenceBit(registry::v1::Licence licence) { return uint32_t{1} << licence; }

// Half-days, one bit each. Which days are worked in a week of school, and which in one of the long holidays.
struct HalfDays {
  uint32_t school = 0;
  uint32_t holidays = 0;
};

// A way to work of which a table tells the minutes.
struct TimedWay {
  int32_t site = -1;            // where it ends: Opening::site
  int32_t minutes = 0;          // 1 or more
  int32_t straight_metres = 0;  // from her home to there, as DistanceMetres tells it
};
using TimedWays = std::vector<TimedWay>;  // by site, rising, each once

struct Nurse {
  std::string name;       // the resource name: unique in the round
  uint32_t licences = 0;  // one bit for each kind of licence she holds
  uint64_t skills = 0;    // one bit a skill
  GeoPoint home;
  int32_t commute_limit_metres = 0;             // she accepts a way of this length, and none above
  int32_t weekly_minutes = 0;                   // the most that she can work
  int32_t min_weekly_minutes = 0;               // a post has to have these
  HalfDays half_days;                           // on which she would work; any where no bit of a week is set
  jp::CivilDay available_from = jp::kFirstDay;  // the first day on which she could begin
  std::vector<int32_t> unwanted;                // facilities where she would not work, in rising order
  std::vector<int32_t> wishes;        // indexes of openings, first wish first; repeated and unknown ones do not count
  int32_t commute_limit_minutes = 0;  // counts instead of metres where `ways` tells the minutes; 0: she has not said
  std::shared_ptr<const TimedWays> ways;  // from her home, shared by neighbours; null: none is told
  std::shared_ptr<const Cut> cut;         // of rule table 1, where it cut her list
};

struct Opening {
  std::string name;  // the resource name: unique in the round
  GeoPoint place;
  int32_t posts = 0;                 // nurses wanted; none where it is 0 or less
  uint32_t licences = 0;             // any one of these is enough; where it is 0 nobody is eligible
  bool named_licences_only = false;  // 保健師 and 助産師 do not count as 看護師 here: the employer says so
  bool law_unknown = false;          // rule table 1: whoever is not named lacks the licence, whatever the law says
  uint64_t required_skills = 0;      // all of these are needed
  int32_t weekly_minutes = 0;        // what one post takes
  int32_t max_weekly_minutes = std::numeric_limits<int32_t>::max();  // what one post offers at most
  HalfDays half_days;                 // all of them are worked; none is said where no bit of a week is set
  jp::CivilDay start = jp::kLastDay;  // the first day of work
  int32_t facility = -1;              // a number for its facility, equal for equal ones; -1: unknown
  int32_t weight = 1;                 // what a filled post counts, where that is asked
  int32_t road_factor_permille =
      1000;           // how much longer ways to it are than the straight line, in thousandths, 1000 or more
  int32_t site = -1;  // a number for where it is, for TimedWay; -1: no table tells of it
};

// A place that may get so many nurses at most, whatever posts there are in it, and should get so many at least.
struct Cap {
  int32_t limit = 0;
  std::vector<int32_t> openings;  // indexes, rising
  int32_t least = 0;              // for objectives that know of floors
};

// The frozen input of one round. The order of nurses and openings never matters for the result. Whoever fills it makes
// sure that names are unique and that points lie within the ranges that DistanceMetres states.
struct Instance {
  std::vector<Nurse> nurses;
  std::vector<Opening> openings;
  std::vector<Cap> caps;  // of two, the later lies within the earlier, or they have no opening in common
  uint64_t seed = 0;      // of the published lottery
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_INSTANCE_H_
