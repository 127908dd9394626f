#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_TURNS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_TURNS_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/problem.h"
#include "services/matching/coverage/standing.h"

namespace tsunagu::matching::coverage {

// Returns, of all best assignments, the one that the nurses would choose in turn, in the order of their lots: each
// takes the first choice of her list that is still possible, and no opening only if nothing else is. `assigned` is any
// best assignment, `standing` its standing, and `levels` its least levels by node (least_levels.h).
market::Assigned ChooseByTurns(const CoverageProblem& problem, market::Assigned assigned, Standing standing,
                               const std::vector<int64_t>& levels);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_TURNS_H_
