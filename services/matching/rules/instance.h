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

// The version of all rules that decide a round: which nurses are eligible, which openings a nurse accepts, and in which
// order a post takes nurses.
inline constexpr int kRuleTableVersion = 3;

// What rule table 1 put on a nurse's list in addition to her wishes: the nearest openings, up to and including this
// one. Later tables do not cut lists.
struct Cut {
  std::vector<int32_t> wished;  // facilities, ascending
  int64_t metres = 0;           // of the last opening on her list
  std::string name;             // the name of that opening; openings at the same distance with a smaller name are on
                                // the list, too
};

// The bit of a licence in Nurse and Opening.
constexpr uint32_t LicenceBit(registry::v1::Licence licence) { return uint32_t{1} << licence; }

// Half-days, one bit each: those of a school week, and those of a week in the long holidays.
struct HalfDays {
  uint32_t school = 0;
  uint32_t holidays = 0;
};

// A way to work whose minutes a table has.
struct TimedWay {
  int32_t site = -1;            // the end of the way: Opening::site
  int32_t minutes = 0;          // 1 or more
  int32_t straight_metres = 0;  // DistanceMetres from her home to the site
};
using TimedWays = std::vector<TimedWay>;  // by site, rising, each once

struct Nurse {
  std::string name;       // the resource name; unique in the round
  uint32_t licences = 0;  // one bit for each kind of licence she holds
  uint64_t skills = 0;    // one bit for each skill
  GeoPoint home;
  int32_t commute_limit_metres = 0;             // she accepts a way of up to this length, inclusive
  int32_t weekly_minutes = 0;                   // the most minutes that she can work
  int32_t min_weekly_minutes = 0;               // the fewest minutes that a post must have
  HalfDays half_days;                           // half-days on which she would work; if no bit of a week is set, any
                                                // half-day of it
  jp::CivilDay available_from = jp::kFirstDay;  // the first day on which she could begin
  std::vector<int32_t> unwanted;                // facilities where she refuses to work, ascending
  std::vector<int32_t> wishes;        // indexes of openings, first wish first; repeated and unknown indexes are ignored
  int32_t commute_limit_minutes = 0;  // replaces the limit in metres where `ways` has the minutes; 0: she has set no
                                      // such limit
  std::shared_ptr<const TimedWays> ways;  // from her home, shared by neighbours; null: no table has a way from there
  std::shared_ptr<const Cut> cut;         // of rule table 1, if it cut her list
};

struct Opening {
  std::string name;  // the resource name; unique in the round
  GeoPoint place;
  int32_t posts = 0;                 // nurses wanted; 0 or less: none
  uint32_t licences = 0;             // any one of these is enough; 0: nobody is eligible
  bool named_licences_only = false;  // the employer does not accept 保健師 and 助産師 as 看護師
  bool law_unknown = false;          // rule table 1: a licence that is not named is not accepted, whatever the law
                                     // allows
  uint64_t required_skills = 0;      // a nurse needs all of these
  int32_t weekly_minutes = 0;        // minutes that one post takes
  int32_t max_weekly_minutes = std::numeric_limits<int32_t>::max();  // the most minutes that one post offers
  HalfDays half_days;                 // a nurse works on all of these; if no bit of a week is set, the half-days are
                                      // unknown
  jp::CivilDay start = jp::kLastDay;  // the first day of work
  int32_t facility = -1;              // a number for its facility: equal numbers, equal facility; -1: unknown
  int32_t weight = 1;                 // the value of a filled post, for objectives that use weights
  int32_t road_factor_permille =
      1000;           // length of ways to the opening relative to the straight line, in thousandths; 1000 or more
  int32_t site = -1;  // a number for its location, for TimedWay; -1: no table has ways to it
};

// A place with a maximum (`limit`) and a desired minimum (`least`) for the nurses in all of its openings together.
struct Cap {
  int32_t limit = 0;
  std::vector<int32_t> openings;  // indexes, ascending
  int32_t least = 0;              // for objectives that use floors
};

// The frozen input of one round. The order of nurses and openings does not affect the result. The code that fills an
// Instance ensures that names are unique and that points are within the ranges that DistanceMetres requires.
struct Instance {
  std::vector<Nurse> nurses;
  std::vector<Opening> openings;
  std::vector<Cap> caps;  // any two are either disjoint, or the later one is within the earlier one
  uint64_t seed = 0;      // of the published lottery
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_INSTANCE_H_
