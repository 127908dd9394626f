#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_LEVELS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_LEVELS_H_

#include <cstdint>
#include <vector>

#include "services/matching/coverage/visit_answer.h"
#include "services/matching/coverage/visit_nodes.h"

namespace tsunagu::matching::coverage {

// By node what it costs in all to be there, itself and everything around it; 0 at the outside. Of all levels that prove
// the best cover `counts` those that are least at places and sets, and most at supplies. They are the same for every
// best cover.
std::vector<int64_t> LevelsOf(const VisitProblem& problem, const VisitNodes& nodes, const std::vector<int32_t>& counts);

// A price is by how much a level lies above the one around.
VisitPrices PricesOf(const VisitProblem& problem, const VisitNodes& nodes, const std::vector<int64_t>& levels);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_LEVELS_H_
