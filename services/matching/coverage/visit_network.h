#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_NETWORK_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_NETWORK_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/matching/coverage/visit_nodes.h"
#include "services/matching/coverage/visit_shortage.h"

namespace tsunagu::matching::coverage {

// Returns, by pair, the visits of one of the best covers, found by the network simplex method of LEMON. Returns nothing
// if the floors cannot be met.
std::optional<std::vector<int32_t>> FindBestVisits(const VisitProblem& problem, const VisitNodes& nodes);

// Returns why the floors cannot be met. If they can be met, the result proves nothing.
VisitShortage FindVisitShortage(const VisitProblem& problem, const VisitNodes& nodes);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_NETWORK_H_
