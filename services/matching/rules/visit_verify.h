#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VISIT_VERIFY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VISIT_VERIFY_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/rules/visits.h"

namespace tsunagu::matching::rules {

enum class VisitFindingKind {
  kUnknownRules,   // this verifier does not know the rule table; nothing else was checked
  kUnknownSupply,  // an unknown supply or half-day, a count below 1, or a repeated pair; nothing else was checked
  kNotEligible,    // the supply may not visit there
  kOverCapacity,   // the half-day has more nurses than it wants
  kOverCap,        // the openings of the cap together have more visits than its limit
  kOverSupply,     // the supply does more visits than it can in that half-day, in a week, or in both kinds of week
                   // together
  kBlockingPair,   // the supply would prefer to send one more nurse there, in addition or instead of another visit, and
                   // the half-day and every cap around it prefer her to a nurse they have
  kEmptyPostWanted,  // as kBlockingPair, but the half-day has a free post with no reached cap around it
};

struct VisitFinding {
  VisitFindingKind kind = VisitFindingKind::kUnknownSupply;
  int32_t supply = -1;  // -1: the finding is not about a supply; likewise for half-day and cap
  int32_t half_day = -1;
  int32_t cap = -1;
};

struct VisitVerdict {
  bool stable = false;  // there is no finding
  int64_t checked_pairs = 0;
  int64_t finding_count = 0;
  std::vector<VisitFinding> findings;  // the first kMaxVisitFindings findings
};

inline constexpr size_t kMaxVisitFindings = 20;

// A second implementation of eligibility and distance for the verifiers. MayVisit does not check whether the supply has
// a nurse in that half-day.
bool MayVisit(const Visits& visits, int32_t supply, int32_t half_day);
int64_t VisitMetres(const Visits& visits, int32_t supply, int32_t half_day);

// Judges an assignment of visits; looks at every pair of a supply and a half-day. Shares no code with the solver: no
// eligibility, no orders, no market. It uses cut-offs on both sides, which it derives from the assignment: the last
// nurse of each full half-day and reached cap, and the last choice in each limit of a supply that is reached. Never
// fails: every fault becomes a finding.
VisitVerdict VerifyVisits(const Visits& visits, absl::Span<const Cover> covers, int rule_table = kRuleTableVersion);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VISIT_VERIFY_H_
