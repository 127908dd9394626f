#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

enum class FindingKind {
  kWrongSize,       // not one entry for each nurse; nothing else was checked
  kUnknownRules,    // this verifier knows no such rule table; nothing else was checked
  kUnknownOpening,  // the nurse's entry is neither -1 nor an opening
  kNotEligible,     // the nurse may not take this opening
  kNotAcceptable,   // she may, but it is not among the openings she accepts: rule table 1 cuts them
  kOverCapacity,    // the opening has more nurses than posts
  kOverCap,         // the openings of the cap have more nurses together than its limit
  kBlockingPair,    // she prefers the opening to what she has, and it prefers her to somebody it has; where caps around
                    // it are reached, each of them has a last nurse who does not go before her
  kEmptyPostWanted,  // she prefers the opening to what she has, and it has a free post, with no cap around it reached
};

struct Finding {
  FindingKind kind = FindingKind::kWrongSize;
  int32_t nurse = -1;    // -1: of no nurse
  int32_t opening = -1;  // -1: of no opening; for kUnknownOpening as it was given
  int32_t cap = -1;      // -1: of no cap
};

struct Verdict {
  bool stable = false;        // no finding
  int64_t checked_pairs = 0;  // pairs of a nurse and an opening that were judged: all of them, or 0 where nothing was
  int64_t finding_count = 0;
  std::vector<Finding> findings;  // the first kMaxFindings
};

inline constexpr size_t kMaxFindings = 20;

// Judges an assignment (by nurse: the index of her opening, or -1) by the rules of that version, which it derives again
// from `instance` alone: every pair counts, and is looked at unless it lies too far away for her, or farther than what
// she has. Shares no code with the candidates, the eligibility, the priorities and the solver. Never fails: whatever is
// wrong is a finding.
Verdict VerifyMatching(const Instance& instance, absl::Span<const int32_t> opening_of_nurse,
                       int rule_table = kRuleTableVersion);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_H_
