#ifndef TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATES_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// What every nurse of an instance accepts, first choice first.
struct Candidates {
  std::vector<size_t> begin = {0};     // where each nurse's list begins in `openings`, and the end of the last
  std::vector<int32_t> openings;       // indexes of openings
  std::vector<BlockerCounts> blocked;  // by nurse: every opening of the instance under its first blocker

  absl::Span<const int32_t> Of(int32_t nurse) const {
    return absl::MakeConstSpan(openings).subspan(begin[nurse], begin[nurse + 1] - begin[nurse]);
  }
};

// A nurse accepts
//   1. her wishes, in her order, as far as she is eligible for them;
//   2. after them, of the other openings she is eligible for, the first kMaxCandidates by distance in metres, then by
//      name (bytes).
// Nothing else is acceptable to her. Looks only at the openings near each nurse: time grows with the openings inside
// the commute limits, not with nurses times openings.
Candidates BuildCandidates(const Instance& instance);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATES_H_
