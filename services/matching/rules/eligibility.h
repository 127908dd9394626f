#ifndef TSUNAGU_SERVICES_MATCHING_RULES_ELIGIBILITY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_ELIGIBILITY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// Why a nurse cannot take a post, in the order in which the rules are asked.
enum class Blocker {
  kNone,        // she is eligible
  kNoPosts,     // the opening wants nobody
  kLicence,     // she lacks the licence that it takes
  kEmployer,    // the law would let her do the work, but the employer does not take her licence
  kSkills,      // at least one required skill is missing
  kHalfDays,    // it has a half-day on which she does not work
  kHours,       // a post takes more minutes a week than she can work
  kFewHours,    // a post has fewer minutes a week than she wants
  kStart,       // it begins before she could
  kExcluded,    // she would not work at its facility
  kDistance,    // the way from her home is longer than her commute limit in metres
  kTravelTime,  // it takes longer than her commute limit in minutes, which counts where a table tells the minutes
  kNotListed,   // rule table 1 put only the nearest on her list, and this is not among them
};
inline constexpr size_t kBlockerCount = 13;
// Those of an opening that has posts, in their order.
inline constexpr Blocker kBlockersInOrder[] = {Blocker::kLicence,    Blocker::kEmployer, Blocker::kSkills,
                                               Blocker::kHalfDays,   Blocker::kHours,    Blocker::kFewHours,
                                               Blocker::kStart,      Blocker::kExcluded, Blocker::kDistance,
                                               Blocker::kTravelTime, Blocker::kNotListed};

// Numbers of openings by blocker; kNone counts those she is eligible for.
using BlockerCounts = std::array<int32_t, kBlockerCount>;

inline int32_t& CountOf(BlockerCounts& counts, Blocker blocker) { return counts[static_cast<size_t>(blocker)]; }
inline int32_t CountOf(const BlockerCounts& counts, Blocker blocker) { return counts[static_cast<size_t>(blocker)]; }

// The first rule that refuses the pair.
Blocker FirstBlocker(const Nurse& nurse, const Opening& opening);

// The same with every rule but the commute limits.
Blocker FirstBlockerAnywhere(const Nurse& nurse, const Opening& opening);

// kDistance or kTravelTime where the way is beyond the limit that counts, else kNone.
Blocker CommuteBlocker(const Nurse& nurse, const Opening& opening);

// Blockers, one bit each.
using Blockers = uint32_t;
constexpr Blockers BlockerBit(Blocker blocker) { return Blockers{1} << static_cast<int>(blocker); }

// Every rule that refuses the pair; 0 where she is eligible.
Blockers AllBlockers(const Nurse& nurse, const Opening& opening);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_ELIGIBILITY_H_
