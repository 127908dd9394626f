#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_NETWORK_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_NETWORK_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/matching/coverage/visit_nodes.h"
#include "services/matching/coverage/visit_shortage.h"

namespace tsunagu::matching::coverage {

// By pair the visits of one of the best covers, found by the network simplex method of LEMON. None where the floors
// cannot be met.
std::optional<std::vector<int32_t>> FindBestVisits(const VisitProblem& problem, const VisitNodes& nodes);

// Why the floors cannot be met. Proves nothing of a problem whose floors can.
VisitShortage FindVisitShortage(const VisitProblem& problem, const VisitNodes& nodes);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_NETWORK_H_
