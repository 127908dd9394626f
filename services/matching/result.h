#ifndef TSUNAGU_SERVICES_MATCHING_RESULT_H_
#define TSUNAGU_SERVICES_MATCHING_RESULT_H_

#include <cstdint>
#include <string>
#include <vector>

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
  int32_t posts = 0;
  int32_t matched = 0;
};

// The same result for the same canonical snapshot and seed, on any machine.
Result SolveSnapshot(const v1::Snapshot& snapshot, int64_t seed);

// Judges assignments by the separate verifier and the rule table they were made by; knows nothing of the solver.
v1::VerifySolutionResponse VerifyResult(const v1::Snapshot& snapshot, int64_t seed, int rule_table,
                                        const std::vector<v1::Assignment>& assignments);

// SHA-256 of who got what, with the snapshot's digest, the seed and the version of the rules, hexadecimal.
std::string DigestOf(const v1::Round& round, const std::vector<v1::Assignment>& assignments);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_RESULT_H_
