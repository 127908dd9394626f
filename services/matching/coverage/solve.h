#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_SOLVE_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_SOLVE_H_

#include <variant>

#include "services/matching/coverage/answer.h"
#include "services/matching/coverage/engine.h"
#include "services/matching/coverage/problem.h"
#include "services/matching/coverage/shortage.h"

namespace tsunagu::matching::coverage {

// The answer to the problem, or why its floors cannot be met. It is the same for every engine; one from paths.h only
// takes a problem without sets.
std::variant<Answer, Shortage> SolveCoverage(const CoverageProblem& problem, Engine engine);
std::variant<Answer, Shortage> SolveCoverage(const CoverageProblem& problem);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_SOLVE_H_
