#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_VERIFY_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_VERIFY_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/verify.h"
#include "services/matching/coverage/visit_answer.h"
#include "services/matching/coverage/visit_problem.h"

namespace tsunagu::matching::coverage {

// Judges a cover by its prices, in one pass over the pairs. If there is no finding, it keeps all limits and floors, no
// cover is better, by weight and then cost, and the prices are those of VisitAnswer. In a finding `nurse` is the
// supply. Shares no code with the solver. A change of any single number of an answer is detected. Two best covers
// differ in several numbers; the verifier does not decide which one the order of the pairs requires.
Verdict VerifyVisitCoverage(const VisitProblem& problem, const std::vector<int32_t>& counts, const VisitPrices& prices);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_VERIFY_H_
