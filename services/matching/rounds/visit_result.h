#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_RESULT_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_RESULT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/records/blobs.h"
#include "services/matching/rules/visits.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"

namespace tsunagu::matching {

// The result of a round of visits: one row for each half-day that the snapshot wants, in its order.
struct VisitResult {
  std::vector<v1::VisitRow> rows;
  int32_t wanted = 0;   // visits of a school week and of a holiday week together
  int32_t covered = 0;  // of `wanted`
  v1::Certificate certificate;
};

// Returns the same result for the same canonical snapshot and seed on every machine. Errors: those of SolveVisitsFor.
absl::StatusOr<VisitResult> SolveVisits(const v1::Snapshot& snapshot, const v1::Round& round);

// Returns the outcome of the rows, followed by the outcome of the other objective (AlternativesFor).
std::vector<v1::Round::Outcome> OutcomesOf(const v1::Snapshot& snapshot, const v1::Round& round,
                                           const std::vector<v1::VisitRow>& rows);

// Judges the rows by the objective of the round, its certificate and its rule table. Independent of the solver.
v1::VerifySolutionResponse VerifyVisits(const v1::Snapshot& snapshot, const v1::Round& round,
                                        const std::vector<v1::VisitRow>& rows, const v1::Certificate& certificate);

// Returns the SHA-256, in hexadecimal, of the covers and their proof, with the snapshot's digest, the seed and the
// version of the rules. A stable result has no certificate.
std::string DigestOf(const v1::Round& round, const std::vector<v1::VisitRow>& rows, const v1::Certificate& certificate);

// Returns why a supply cannot visit a half-day; UNSPECIFIED if it can.
v1::Blocker BlockerOf(const rules::Visits& visits, int32_t supply, int32_t half_day);

// Returns the covers in the rows, with the indexes of the snapshot; -1 for a supply that is not in it.
std::vector<rules::Cover> CoversOf(const v1::Snapshot& snapshot, const std::vector<v1::VisitRow>& rows);

absl::Status StoreVisits(store::Tx& tx, absl::string_view round, const std::vector<v1::VisitRow>& rows);
absl::StatusOr<std::vector<v1::VisitRow>> LoadVisits(store::View& view, absl::string_view round);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_RESULT_H_
