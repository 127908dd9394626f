#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_LEAST_LEVELS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_LEAST_LEVELS_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/found.h"
#include "services/matching/coverage/problem.h"
#include "services/matching/coverage/standing.h"

namespace tsunagu::matching::coverage {

// Returns, by node of the standing, the least level at which every nurse still has her best choice. `standing` is the
// standing of found.assigned.
std::vector<int64_t> LeastLevels(const CoverageProblem& problem, const Standing& standing, const Found& found);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_LEAST_LEVELS_H_
