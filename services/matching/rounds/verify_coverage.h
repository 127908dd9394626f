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

// Judges a result of OBJECTIVE_COVERAGE by its prices. Who may take what, in what order and at what way, how sets lie
// in one another and who has which lot is derived again from the rows (rules/verify_lists); nothing of what solves is
// asked.
v1::VerifySolutionResponse VerifyCoverage(const v1::Snapshot& snapshot, const rules::Instance& instance, int rule_table,
                                          absl::Span<const int32_t> opening_of_nurse,
                                          const v1::Certificate& certificate);

// What a finding is called.
absl::string_view WordOf(coverage::FindingKind kind);

// Caps within one another, as openings tell it: those that count an opening, wider ones first, each lie in the one
// before.
market::Caps SetsOf(const rules::Instance& instance);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VERIFY_COVERAGE_H_
