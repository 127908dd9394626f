#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_OBJECTIVE_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_OBJECTIVE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "services/matching/coverage/visit_problem.h"
#include "services/matching/rules/visits.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Who covers what by the objective of a round, and what proves it.
struct SolvedCovers {
  std::vector<rules::Cover> covers;  // by place, then by supply
  v1::Certificate certificate;
};

// `visits` is that of the snapshot. The same for the same snapshot, seed and objective, on any machine.
// ROUND_TOO_LARGE; of COVERAGE VISIT_FLOORS_SHORT with the places and numbers that prove that floors cannot be met,
// CAPS_CONTRADICT, VISIT_PAIRS_TOO_MANY.
absl::StatusOr<SolvedCovers> SolveVisitsFor(const v1::Round& round, const v1::Snapshot& snapshot,
                                            const rules::Visits& visits);

// Only who covers what, for asking what would be if. Fails as SolveVisitsFor does.
absl::StatusOr<std::vector<rules::Cover>> CoversFor(v1::Round::Objective objective, const v1::Snapshot& snapshot,
                                                    const rules::Visits& visits);

// What one objective gives with the rows of a round.
struct CoverAlternative {
  v1::Round::Outcome outcome;
  std::vector<rules::Cover> covers;
};
// The covers of a round by its objective, and behind them what the other objective gives with the same rows: each has
// its price. Empty where that would take longer than a second or two; without COVERAGE where floors cannot be met.
std::vector<CoverAlternative> AlternativesFor(const v1::Round& round, const v1::Snapshot& snapshot,
                                              const rules::Visits& visits, const std::vector<rules::Cover>& covers);

// The problem of COVERAGE. Pairs stand in the order of the supplies' lots, of one supply in that of its list.
coverage::VisitProblem ToVisitProblem(const rules::Visits& visits);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_OBJECTIVE_H_
