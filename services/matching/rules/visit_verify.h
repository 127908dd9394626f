#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VISIT_VERIFY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VISIT_VERIFY_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/rules/visits.h"

namespace tsunagu::matching::rules {

enum class VisitFindingKind {
  kUnknownRules,   // this verifier knows no such rule table; nothing else was checked
  kUnknownSupply,  // no such supply, or no such half-day, or a count below 1, or a pair told twice; nothing else was
                   // checked
  kNotEligible,    // the supply may not visit there
  kOverCapacity,   // the half-day has more nurses than are wanted
  kOverCap,        // the openings of the cap have more visits together than its limit
  kOverSupply,     // the supply does more than it can in that half-day, in a week, or in both kinds of week together
  kBlockingPair,   // the supply would rather send one nurse more there, for another visit or none, and the half-day and
                   // every cap around it would rather have her than somebody they have
  kEmptyPostWanted,  // the same, and the half-day has a free post with no cap around it reached
};

struct VisitFinding {
  VisitFindingKind kind = VisitFindingKind::kUnknownSupply;
  int32_t supply = -1;  // -1: of no supply, half-day, cap
  int32_t place = -1;
  int32_t cap = -1;
};

struct VisitVerdict {
  bool stable = false;  // no finding
  int64_t checked_pairs = 0;
  int64_t finding_count = 0;
  std::vector<VisitFinding> findings;  // the first kMaxVisitFindings
};

inline constexpr size_t kMaxVisitFindings = 20;

// Who may visit where, and how far it is, read again for those who verify. Whether the supply has somebody in that
// half-day is not asked.
bool MayVisit(const Visits& visits, int32_t supply, int32_t place);
int64_t VisitMetres(const Visits& visits, int32_t supply, int32_t place);

// Judges who covers what: every pair of a supply and a half-day is looked at. Shares no code with what solves it:
// neither eligibility nor orders nor the market. What it goes by are cut-offs on both sides, which follow from who
// covers what: the last of each half-day and cap that is full, and the last choice in each limit of a supply that is
// reached. Never fails: whatever is wrong is a finding.
VisitVerdict VerifyVisits(const Visits& visits, absl::Span<const Cover> covers, int rule_table = kRuleTableVersion);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VISIT_VERIFY_H_
