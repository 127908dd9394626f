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

// Version of the solver. Version 1 had no caps; rounds that it solved do not record a version.
inline constexpr int kEngineVersion = 2;

v1::Blocker BlockerOf(rules::Blocker blocker);

// Computes the result row of each nurse of a round from the assignment, with reasons.
class ResultRows {
 public:
  // Keeps references to all arguments, which must outlive this object. After events, posts that are held may keep a
  // nurse out; `after_events` enables that check.
  ResultRows(const v1::Snapshot& snapshot, const v1::Round& round, const rules::Instance& instance,
             absl::Span<const int32_t> opening_of_nurse, bool after_events = false);
  ~ResultRows();

  // Returns her row. The row of a nurse without a post has only her name, unless `says_why`.
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

// Returns, by opening, how many nurses it has.
std::vector<int32_t> FilledOf(const rules::Instance& instance, absl::Span<const int32_t> opening_of_nurse);

// The result of a round: one row for each nurse of the snapshot, in its order.
struct Result {
  std::vector<v1::Assignment> assignments;
  v1::Certificate certificate;
  std::vector<v1::Round::Outcome> outcomes;
  v1::Round::Nearness nearness = v1::Round::NEARNESS_UNSPECIFIED;
  int32_t posts = 0;
  int32_t matched = 0;
};

// Solves by the round's objective, seed and rule table; today's rule table if it was not solved yet. The result is the
// same for the same canonical snapshot, on every machine. Errors: those of SolveFor.
absl::StatusOr<Result> SolveSnapshot(const v1::Snapshot& snapshot, const v1::Round& round);

// Judges assignments by the round's objective, its certificate, and the rule table that was used (VerifyFor).
// Independent of the solver.
v1::VerifySolutionResponse VerifyResult(const v1::Snapshot& snapshot, const v1::Round& round,
                                        const std::vector<v1::Assignment>& assignments,
                                        const v1::Certificate& certificate);

// Returns the SHA-256, in hexadecimal, of the assignments and their proof, with the snapshot's digest, the seed and the
// version of the rules.
std::string DigestOf(const v1::Round& round, const std::vector<v1::Assignment>& assignments,
                     const v1::Certificate& certificate);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_RESULT_H_
