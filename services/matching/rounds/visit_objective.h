#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_OBJECTIVE_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_OBJECTIVE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "services/matching/coverage/visit_problem.h"
#include "services/matching/rules/visits.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// The covers by the objective of a round, and their proof.
struct SolvedCovers {
  std::vector<rules::Cover> covers;  // by half-day, then by supply
  v1::Certificate certificate;
};

// `visits` must be that of the snapshot. The result is the same for the same snapshot, seed and objective, on every
// machine. Errors: ROUND_TOO_LARGE; for COVERAGE also VISIT_FLOORS_SHORT with the places and numbers that prove that
// floors cannot be met, CAPS_CONTRADICT, VISIT_PAIRS_TOO_MANY.
absl::StatusOr<SolvedCovers> SolveVisitsFor(const v1::Round& round, const v1::Snapshot& snapshot,
                                            const rules::Visits& visits);

// Returns only the covers, for what-if questions. Errors: those of SolveVisitsFor.
absl::StatusOr<std::vector<rules::Cover>> CoversFor(v1::Round::Objective objective, const v1::Snapshot& snapshot,
                                                    const rules::Visits& visits);

// The result of one objective for the rows of a round.
struct CoverAlternative {
  v1::Round::Outcome outcome;
  std::vector<rules::Cover> covers;
};
// Returns the covers of the round, followed by those of the other objective for the same rows, to show what each
// objective costs. Empty if that would take longer than a second or two; without COVERAGE if floors cannot be met.
std::vector<CoverAlternative> AlternativesFor(const v1::Round& round, const v1::Snapshot& snapshot,
                                              const rules::Visits& visits, const std::vector<rules::Cover>& covers);

// Returns the problem of COVERAGE. Pairs are in the order of the supplies' lots; those of one supply are in the order
// of its list.
coverage::VisitProblem ToVisitProblem(const rules::Visits& visits);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_OBJECTIVE_H_
