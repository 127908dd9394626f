#ifndef TSUNAGU_SERVICES_MATCHING_RULES_FARTHER_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_FARTHER_H_

#include <cstdint>

#include "absl/types/span.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// Nurses without a post whom nothing but a way to work keeps from an opening, where that way is measured in one unit.
struct Farther {
  int32_t kept = 0;
  int32_t brought = 0;  // of them, those whom kFurtherMetres, or kFurtherMinutes, more would bring to one
};

// The same in both units. She who is kept from one opening by metres and from another by minutes counts in each.
struct FartherWays {
  Farther metres, minutes;

  // Whether it is told in metres, or in minutes, how many posts longer ways would fill. Of less than `least_count`
  // nurses that would tell where they live. In metres not where only minutes keep somebody away; in minutes only where
  // they do.
  bool TellsMetres(int32_t least_count) const;
  bool TellsMinutes(int32_t least_count) const;
};

// Looks at every opening for each nurse without a post. `opening_of_nurse` has -1 for who has none.
FartherWays FartherWaysOf(const Instance& instance, absl::Span<const int32_t> opening_of_nurse);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_FARTHER_H_
