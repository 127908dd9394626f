#ifndef TSUNAGU_SERVICES_MATCHING_VERIFY_VISIT_COVERAGE_H_
#define TSUNAGU_SERVICES_MATCHING_VERIFY_VISIT_COVERAGE_H_

#include <vector>

#include "services/matching/rules/visits.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"

namespace tsunagu::matching {

// Judges a result of OBJECTIVE_COVERAGE over visits by its prices. Eligibility, distances and the nesting of sets are
// derived again from the rows (rules/visit_verify); no code of the solver is used. `covers` are those of `rows`.
v1::VerifySolutionResponse VerifyVisitCoverage(const v1::Snapshot& snapshot, const rules::Visits& visits,
                                               int rule_table, const std::vector<rules::Cover>& covers,
                                               const std::vector<v1::VisitRow>& rows,
                                               const v1::Certificate& certificate);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VERIFY_VISIT_COVERAGE_H_
