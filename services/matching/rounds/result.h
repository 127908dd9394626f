#ifndef TSUNAGU_SERVICES_MATCHING_RESULT_H_
#define TSUNAGU_SERVICES_MATCHING_RESULT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/matching/rules/admission.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/eligibility.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Version of what solves. Version 1 knew no caps; it left no trace in the rounds that it solved.
inline constexpr int kEngineVersion = 2;

v1::Blocker BlockerOf(rules::Blocker blocker);

// What became of each nurse of a round, by who has what, and why.
class ResultRows {
 public:
  // Keeps references to all, which must outlive it. After events somebody may be kept out by what they hold, and
  // `after_events` asks for that.
  ResultRows(const v1::Snapshot& snapshot, const v1::Round& round, const rules::Instance& instance,
             absl::Span<const int32_t> opening_of_nurse, bool after_events = false);
  ~ResultRows();

  // Her row. Of who has nothing only her name, unless `says_why`.
  v1::Assignment Of(int32_t nurse, bool says_why = true);

 private:
  v1::UnmatchedReason ReasonOf(int32_t nurse, v1::UnmatchedReason reason) const;

  const v1::Snapshot& snapshot_;
  const v1::Round& round_;
  const rules::Instance& instance_;
  const absl::Span<const int32_t> opening_of_nurse_;
  const std::vector<int32_t> filled_;
  std::unique_ptr<rules::Admission> admission_;  // after events
  std::unique_ptr<rules::Candidates> candidates_;
};

// By opening, how many nurses it has.
std::vector<int32_t> FilledOf(const rules::Instance& instance, absl::Span<const int32_t> opening_of_nurse);

// What a round came to: one row per nurse of the snapshot, in its order.
struct Result {
  std::vector<v1::Assignment> assignments;
  v1::Certificate certificate;
  std::vector<v1::Round::Outcome> outcomes;
  v1::Round::Nearness nearness = v1::Round::NEARNESS_UNSPECIFIED;
  int32_t posts = 0;
  int32_t matched = 0;
};

// By the round's objective and seed, and by its rule table: that of today where it was not solved yet. The same result
// for the same canonical snapshot, on any machine. Fails as SolveFor does.
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
