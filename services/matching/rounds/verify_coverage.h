#ifndef TSUNAGU_SERVICES_MATCHING_VERIFY_COVERAGE_H_
#define TSUNAGU_SERVICES_MATCHING_VERIFY_COVERAGE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/matching/coverage/verify.h"
#include "services/matching/market/market.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Judges a result of OBJECTIVE_COVERAGE by its prices. Eligibility, lists, distances and the nesting of sets are
// derived again from the rows (rules/verify_lists); lots are not used, and no code of the solver.
v1::VerifySolutionResponse VerifyCoverage(const v1::Snapshot& snapshot, const rules::Instance& instance, int rule_table,
                                          absl::Span<const int32_t> opening_of_nurse,
                                          const v1::Certificate& certificate);

// Returns the name of a finding.
absl::string_view WordOf(coverage::FindingKind kind);

// Derives the nesting of caps from their openings. Caps come with wider ones first; of the caps that count an opening,
// each lies within the one before.
market::Caps SetsOf(const rules::Instance& instance);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VERIFY_COVERAGE_H_
