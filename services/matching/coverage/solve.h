#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_SOLVE_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_SOLVE_H_

#include <variant>

#include "services/matching/coverage/answer.h"
#include "services/matching/coverage/engine.h"
#include "services/matching/coverage/problem.h"
#include "services/matching/coverage/shortage.h"

namespace tsunagu::matching::coverage {

// Returns the answer to the problem, or the reason why its floors cannot be met. Every engine gives the same result;
// the engines of paths.h accept only a problem without sets.
std::variant<Answer, Shortage> SolveCoverage(const CoverageProblem& problem, Engine engine);
std::variant<Answer, Shortage> SolveCoverage(const CoverageProblem& problem);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_SOLVE_H_
