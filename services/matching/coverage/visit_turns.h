#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_TURNS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_TURNS_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/visit_nodes.h"

namespace tsunagu::matching::coverage {

// Returns, of all best covers, the one that has the most visits of the first pair by which they differ. `counts` is any
// best cover, `levels` its levels by node (visit_levels.h).
std::vector<int32_t> ChooseByPairs(const VisitProblem& problem, const VisitNodes& nodes, std::vector<int32_t> counts,
                                   const std::vector<int64_t>& levels);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_TURNS_H_
