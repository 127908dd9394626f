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

// What a round of visits came to: one row for each half-day that the snapshot wants, in its order.
struct VisitResult {
  std::vector<v1::VisitRow> rows;
  int32_t wanted = 0;   // visits of a week of school and of one of the holidays together
  int32_t covered = 0;  // of these
  v1::Certificate certificate;
};

// The same result for the same canonical snapshot and seed, on any machine. Fails as SolveVisitsFor does.
absl::StatusOr<VisitResult> SolveVisits(const v1::Snapshot& snapshot, const v1::Round& round);

// What the rows come to, beside what the other objective would have come to (AlternativesFor).
std::vector<v1::Round::Outcome> OutcomesOf(const v1::Snapshot& snapshot, const v1::Round& round,
                                           const std::vector<v1::VisitRow>& rows);

// Judges the rows by the objective of the round, its certificate and its rule table; knows nothing of what solved it.
v1::VerifySolutionResponse VerifyVisits(const v1::Snapshot& snapshot, const v1::Round& round,
                                        const std::vector<v1::VisitRow>& rows, const v1::Certificate& certificate);

// SHA-256 of who covers what and what proves it, with the snapshot's digest, the seed and the version of the rules,
// hexadecimal. A stable result has no certificate.
std::string DigestOf(const v1::Round& round, const std::vector<v1::VisitRow>& rows, const v1::Certificate& certificate);

// Why a supply cannot visit a half-day; UNSPECIFIED where it can.
v1::Blocker BlockerOf(const rules::Visits& visits, int32_t supply, int32_t place);

// The covers that rows tell of, with the indexes of the snapshot. -1 for a supply that is not in it.
std::vector<rules::Cover> CoversOf(const v1::Snapshot& snapshot, const std::vector<v1::VisitRow>& rows);

absl::Status StoreVisits(store::Tx& tx, absl::string_view round, const std::vector<v1::VisitRow>& rows);
absl::StatusOr<std::vector<v1::VisitRow>> LoadVisits(store::View& view, absl::string_view round);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_RESULT_H_
