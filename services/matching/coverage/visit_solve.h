#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_SOLVE_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_SOLVE_H_

#include <variant>

#include "services/matching/coverage/visit_answer.h"
#include "services/matching/coverage/visit_problem.h"
#include "services/matching/coverage/visit_shortage.h"

namespace tsunagu::matching::coverage {

// Returns the answer, or the reason why the floors cannot be met. The same on every machine.
std::variant<VisitAnswer, VisitShortage> SolveVisitCoverage(const VisitProblem& problem);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_SOLVE_H_
