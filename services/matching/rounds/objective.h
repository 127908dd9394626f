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

// Who got what by the objective of a round, and what proves it.
struct Solved {
  std::vector<int32_t> opening_of_nurse;  // -1: none
  v1::Certificate certificate;
  std::vector<v1::Round::Outcome> outcomes;
  v1::Round::Nearness nearness = v1::Round::NEARNESS_UNSPECIFIED;
};

// `instance` is that of the snapshot. The same for the same snapshot, seed and objective, on any machine. FLOORS_SHORT
// with the places and numbers that prove that floors cannot be met, FLOORS_NOT_REACHED, CAPS_CONTRADICT,
// ROUND_LISTS_TOO_LONG where an objective other than STABLE would need more memory than there should be.
absl::StatusOr<Solved> SolveFor(const v1::Round& round, const v1::Snapshot& snapshot, const rules::Instance& instance);

// What one objective gives with the rows of a round.
struct Alternative {
  v1::Round::Outcome outcome;
  std::vector<int32_t> opening_of_nurse;  // -1: none
};
// What the round has, and behind it what STABLE and COVERAGE would give with the same rows, where it is solved for
// something else: each has its price. `instance` has the limits of the round. Empty where that would take longer than a
// second or two; without COVERAGE where floors cannot be met.
std::vector<Alternative> AlternativesOf(const v1::Round& round, const v1::Snapshot& snapshot,
                                        const rules::Instance& instance, absl::Span<const int32_t> opening_of_nurse);

// Only who gets what, for asking what would be if: by COVERAGE, or else stable under the limits of the instance. Fails
// as SolveFor does.
absl::StatusOr<std::vector<int32_t>> AssignFor(v1::Round::Objective objective, const v1::Snapshot& snapshot,
                                               const rules::Instance& instance);

// In what prices of COVERAGE are counted, for an instance that was solved for it.
coverage::Scale CoverageScaleOf(const rules::Instance& instance);

// Judges it by code of its own: stable, or stable under the limits of its certificate with all floors met, or the best
// by its prices.
v1::VerifySolutionResponse VerifyFor(v1::Round::Objective objective, const v1::Snapshot& snapshot,
                                     const rules::Instance& instance, int rule_table,
                                     absl::Span<const int32_t> opening_of_nurse, const v1::Certificate& certificate);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVE_H_
