#ifndef TSUNAGU_SERVICES_MATCHING_OBJECTIVE_H_
#define TSUNAGU_SERVICES_MATCHING_OBJECTIVE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/matching/coverage/problem.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// An assignment by the objective of a round, and its proof.
struct Solved {
  std::vector<int32_t> opening_of_nurse;  // -1: none
  v1::Certificate certificate;
  std::vector<v1::Round::Outcome> outcomes;
  v1::Round::Nearness nearness = v1::Round::NEARNESS_UNSPECIFIED;
};

// `instance` must be that of the snapshot. The result is the same for the same snapshot, seed and objective, on every
// machine. Errors: FLOORS_SHORT with the places and numbers that prove that floors cannot be met; FLOORS_NOT_REACHED;
// CAPS_CONTRADICT; ROUND_LISTS_TOO_LONG if an objective other than STABLE would exceed its memory limit.
absl::StatusOr<Solved> SolveFor(const v1::Round& round, const v1::Snapshot& snapshot, const rules::Instance& instance);

// The result of one objective for the rows of a round.
struct Alternative {
  v1::Round::Outcome outcome;
  std::vector<int32_t> opening_of_nurse;  // -1: none
};
// Returns the result of the round, followed by the results of STABLE and COVERAGE for the same rows where the round has
// another objective, to show what each objective costs. `instance` has the limits of the round. Empty if that would
// take longer than a second or two; without COVERAGE if floors cannot be met.
std::vector<Alternative> AlternativesOf(const v1::Round& round, const v1::Snapshot& snapshot,
                                        const rules::Instance& instance, absl::Span<const int32_t> opening_of_nurse);

// Returns only the assignment, for what-if questions. `instance` has the limits of the round. As SolveFor, but where
// BALANCED misses floors: then what is stable under these limits. Errors: those of SolveFor for COVERAGE.
absl::StatusOr<std::vector<int32_t>> AssignFor(v1::Round::Objective objective, const v1::Snapshot& snapshot,
                                               const rules::Instance& instance);

// Returns the unit of the prices of COVERAGE, for an instance that was solved for it.
coverage::Scale CoverageScaleOf(const rules::Instance& instance);

// Judges a result with independent code: stable; or stable under the limits of its certificate with all floors met; or
// optimal by its prices.
v1::VerifySolutionResponse VerifyFor(v1::Round::Objective objective, const v1::Snapshot& snapshot,
                                     const rules::Instance& instance, int rule_table,
                                     absl::Span<const int32_t> opening_of_nurse, const v1::Certificate& certificate);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVE_H_
