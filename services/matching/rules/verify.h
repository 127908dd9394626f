#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

enum class FindingKind {
  kWrongSize,        // not one entry for each nurse; nothing else was checked
  kUnknownRules,     // this verifier does not know the rule table; nothing else was checked
  kUnknownOpening,   // the nurse's entry is neither -1 nor an opening
  kNotEligible,      // the nurse may not take this opening
  kNotAcceptable,    // she may, but the opening is not on her list, which rule table 1 cuts
  kOverCapacity,     // the opening has more nurses than posts
  kOverCap,          // the openings of the cap together have more nurses than its limit
  kBlockingPair,     // she prefers the opening to what she has, and the opening prefers her to one of its nurses; each
                     // cap around it that is reached has a last nurse who does not go before her
  kEmptyPostWanted,  // she prefers the opening to what she has, and it has a free post with no reached cap around it
};

struct Finding {
  FindingKind kind = FindingKind::kWrongSize;
  int32_t nurse = -1;    // -1: the finding is not about a nurse
  int32_t opening = -1;  // -1: the finding is not about an opening; for kUnknownOpening the value that was given
  int32_t cap = -1;      // -1: the finding is not about a cap
};

struct Verdict {
  bool stable = false;        // there is no finding
  int64_t checked_pairs = 0;  // pairs of a nurse and an opening that were judged: all pairs, or 0 if the check stopped
                              // early
  int64_t finding_count = 0;
  std::vector<Finding> findings;  // the first kMaxFindings findings
};

inline constexpr size_t kMaxFindings = 20;

// Judges an assignment (by nurse: the index of her opening, or -1) by the rules of that version, which it derives again
// from `instance` alone. Every pair counts; a pair is skipped only if the opening is too far away for the nurse, or
// farther than what she has. Shares no code with candidates, eligibility, priorities and solver. Never fails: every
// fault becomes a finding.
Verdict VerifyMatching(const Instance& instance, absl::Span<const int32_t> opening_of_nurse,
                       int rule_table = kRuleTableVersion);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_H_
