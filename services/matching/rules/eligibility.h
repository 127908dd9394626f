#ifndef TSUNAGU_SERVICES_MATCHING_RULES_ELIGIBILITY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_ELIGIBILITY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// The reason why a nurse cannot take a post, in the order in which the rules are checked.
enum class Blocker {
  kNone,        // she is eligible
  kNoPosts,     // the opening has no posts
  kLicence,     // she lacks a licence that the opening requires
  kEmployer,    // the law would let her do the work, but the employer does not take her licence
  kSkills,      // at least one required skill is missing
  kHalfDays,    // the opening has a half-day on which she does not work
  kHours,       // a post takes more minutes a week than she can work
  kFewHours,    // a post has fewer minutes a week than she wants
  kStart,       // the work begins before the first day on which she could begin
  kExcluded,    // she refuses to work at this facility
  kDistance,    // the way from her home is longer than her commute limit in metres
  kTravelTime,  // the way takes longer than her commute limit in minutes, which applies where a table has the minutes
                // of the way
  kNotListed,   // rule table 1 put only the nearest openings on her list, and this opening is not among them
};
inline constexpr size_t kBlockerCount = 13;
// The blockers that an opening with posts can have, in the order of the rules.
inline constexpr Blocker kBlockersInOrder[] = {Blocker::kLicence,    Blocker::kEmployer, Blocker::kSkills,
                                               Blocker::kHalfDays,   Blocker::kHours,    Blocker::kFewHours,
                                               Blocker::kStart,      Blocker::kExcluded, Blocker::kDistance,
                                               Blocker::kTravelTime, Blocker::kNotListed};

// Numbers of openings by blocker; kNone counts the openings that she is eligible for.
using BlockerCounts = std::array<int32_t, kBlockerCount>;

inline int32_t& CountOf(BlockerCounts& counts, Blocker blocker) { return counts[static_cast<size_t>(blocker)]; }
inline int32_t CountOf(const BlockerCounts& counts, Blocker blocker) { return counts[static_cast<size_t>(blocker)]; }

// Returns the first rule that refuses the pair.
Blocker FirstBlocker(const Nurse& nurse, const Opening& opening);

// As FirstBlocker, but without the commute limits.
Blocker FirstBlockerAnywhere(const Nurse& nurse, const Opening& opening);

// Returns kDistance or kTravelTime if the way is beyond the limit that applies, else kNone.
Blocker CommuteBlocker(const Nurse& nurse, const Opening& opening);

// A set of blockers, one bit each.
using Blockers = uint32_t;
constexpr Blockers BlockerBit(Blocker blocker) { return Blockers{1} << static_cast<int>(blocker); }

// Returns every rule that refuses the pair; 0 if she is eligible.
Blockers AllBlockers(const Nurse& nurse, const Opening& opening);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_ELIGIBILITY_H_
