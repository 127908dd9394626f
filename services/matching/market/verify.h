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
  kWrongSize,       // the number of entries does not match the nurses, openings and sets; nothing else was checked
  kUnknownOpening,  // the nurse's entry is neither -1 nor an opening
  kNotOnList,       // the nurse has an opening that is not on her list
  kOverPosts,       // the opening has more nurses than posts
  kOverLimit,       // the set has more nurses than its limit
  kWrongCutoff,  // of the opening or the set: it is full and the cut-off is not the key of its last nurse, or it is not
                 // full and has a cut-off
  kBlocks,       // the nurse prefers the opening to what she has, and the cut-offs would admit her
};

struct Finding {
  FindingKind kind = FindingKind::kWrongSize;
  int32_t nurse = -1;    // -1: the finding is not about a nurse; likewise for opening and set
  int32_t opening = -1;  // for kUnknownOpening the value that was given
  int32_t set = -1;
  bool operator==(const Finding&) const = default;
};

struct Verdict {
  bool stable = false;  // there is no finding
  int64_t finding_count = 0;
  std::vector<Finding> findings;  // the first kMaxFindings findings
};

inline constexpr size_t kMaxFindings = 20;

// Judges an assignment, with the cut-offs as certificate: is it stable, and are these its cut-offs? Takes one pass over
// the choices. Shares no code with the solver. Any change of a single number in an accepted result is detected: the
// cut-offs are determined by the assignment, and a nurse who is moved alone either leaves a free post that she prefers,
// or changes a count or a cut-off. Never fails: every fault becomes a finding. CheckMarket must have found no fault.
Verdict VerifyStable(const Market& market, const Caps& caps, absl::Span<const int32_t> assigned,
                     const Cutoffs& cutoffs);

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_VERIFY_H_
