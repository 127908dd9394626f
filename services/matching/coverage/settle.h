#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_SETTLE_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_SETTLE_H_

#include "services/matching/coverage/answer.h"
#include "services/matching/coverage/found.h"
#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

// Returns the unique answer to the problem from any best assignment and levels that an engine has found.
Answer Settle(const CoverageProblem& problem, Found found);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_SETTLE_H_
