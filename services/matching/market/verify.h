#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_VERIFY_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_VERIFY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/cutoffs.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

enum class FindingKind {
  kWrongSize,     // not one entry for each nurse, place and set; nothing else was checked
  kUnknownPlace,  // the nurse's entry is neither -1 nor a place
  kNotOnList,     // the nurse has a place that she did not choose
  kOverPosts,     // the place has more nurses than posts
  kOverLimit,     // the set has more nurses than its limit
  kWrongCutoff,   // of the place or the set: not the key of its last where all is taken, or one where something is free
  kBlocks,        // the nurse prefers the place to what she has, and would get in by the cut-offs
};

struct Finding {
  FindingKind kind = FindingKind::kWrongSize;
  int32_t nurse = -1;  // -1: of no nurse, place, set
  int32_t place = -1;  // for kUnknownPlace as it was given
  int32_t set = -1;
  bool operator==(const Finding&) const = default;
};

struct Verdict {
  bool stable = false;  // no finding
  int64_t finding_count = 0;
  std::vector<Finding> findings;  // the first kMaxFindings
};

inline constexpr size_t kMaxFindings = 20;

// Judges who has what, with the cut-offs as certificate: is it stable, and are these its cut-offs? One pass over the
// choices. Shares nothing with the solver. No number of what it accepts can be changed without its saying so: cut-offs
// are those of the assignment, and whoever is moved alone either leaves a free post that she prefers, or moves a count
// or a cut-off. Never fails: whatever is wrong is a finding. Relies on CheckMarket finding nothing.
Verdict VerifyStable(const Market& market, const Caps& caps, absl::Span<const int32_t> assigned,
                     const Cutoffs& cutoffs);

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_VERIFY_H_
