#ifndef TSUNAGU_SERVICES_MATCHING_RULES_FARTHER_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_FARTHER_H_

#include <cstdint>

#include "absl/types/span.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// Counts of nurses without a post for whom only the way to work blocks an opening. The way is measured in one unit.
struct Farther {
  int32_t kept = 0;
  int32_t brought = 0;  // of these, the nurses whom kFurtherMetres, or kFurtherMinutes, more would make eligible for
                        // one
};

// The counts in both units. A nurse who is blocked by metres from one opening and by minutes from another counts in
// both.
struct FartherWays {
  Farther metres, minutes;

  // Return whether a report may state, in metres or in minutes, how many posts longer ways would fill. Fewer than
  // `least_count` nurses would reveal where they live. TellsMetres returns false if only minutes block nurses;
  // TellsMinutes returns true only if minutes block some nurse.
  bool TellsMetres(int32_t least_count) const;
  bool TellsMinutes(int32_t least_count) const;
};

// Looks at every opening for each nurse without a post. `opening_of_nurse` has -1 for a nurse without a post.
FartherWays FartherWaysOf(const Instance& instance, absl::Span<const int32_t> opening_of_nurse);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_FARTHER_H_
