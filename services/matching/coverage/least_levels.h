#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_LEAST_LEVELS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_LEAST_LEVELS_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/found.h"
#include "services/matching/coverage/problem.h"
#include "services/matching/coverage/standing.h"

namespace tsunagu::matching::coverage {

// By node of the standing: the least that it can cost in all to be there so that everybody still has what suits her
// best. `standing` is that of the assignment found.
std::vector<int64_t> LeastLevels(const CoverageProblem& problem, const Standing& standing, const Found& found);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_LEAST_LEVELS_H_
