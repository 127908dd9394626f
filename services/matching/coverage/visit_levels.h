#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_LEVELS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_LEVELS_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/visit_answer.h"
#include "services/matching/coverage/visit_nodes.h"

namespace tsunagu::matching::coverage {

// Returns the level of each node: the total price of being there, including everything around it; 0 for the outside
// node. Of all levels that prove the best cover `counts`, these are the least at openings and sets, and the largest at
// supplies. They are the same for every best cover.
std::vector<int64_t> LevelsOf(const VisitProblem& problem, const VisitNodes& nodes, const std::vector<int32_t>& counts);

// The price of a node is its level minus the level of the node around it.
VisitPrices PricesOf(const VisitProblem& problem, const VisitNodes& nodes, const std::vector<int64_t>& levels);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_LEVELS_H_
