#ifndef TSUNAGU_SERVICES_MATCHING_RESULT_H_
#define TSUNAGU_SERVICES_MATCHING_RESULT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/matching/rules/eligibility.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Version of what solves. Version 1 knew no caps; it left no trace in the rounds that it solved.
inline constexpr int kEngineVersion = 2;

v1::Blocker BlockerOf(rules::Blocker blocker);

// By opening, how many nurses it has.
std::vector<int32_t> FilledOf(const rules::Instance& instance, absl::Span<const int32_t> opening_of_nurse);

// What a round came to: one row per nurse of the snapshot, in its order.
struct Result {
  std::vector<v1::Assignment> assignments;
  v1::Certificate certificate;
  std::vector<v1::Round::Outcome> outcomes;
  int32_t posts = 0;
  int32_t matched = 0;
};

// By the round's objective and seed. The same result for the same canonical snapshot, on any machine. Fails as SolveFor
// does.
absl::StatusOr<Result> SolveSnapshot(const v1::Snapshot& snapshot, const v1::Round& round);

// Judges assignments by the round's objective, its certificate, and the rule table they were made by (VerifyFor); knows
// nothing of the solver.
v1::VerifySolutionResponse VerifyResult(const v1::Snapshot& snapshot, const v1::Round& round,
                                        const std::vector<v1::Assignment>& assignments,
                                        const v1::Certificate& certificate);

// SHA-256 of who got what and what proves it, with the snapshot's digest, the seed and the version of the rules,
// hexadecimal.
std::string DigestOf(const v1::Round& round, const std::vector<v1::Assignment>& assignments,
                     const v1::Certificate& certificate);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_RESULT_H_
