#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_NETWORK_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_NETWORK_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/matching/coverage/found.h"
#include "services/matching/coverage/problem.h"
#include "services/matching/coverage/shortage.h"

namespace tsunagu::matching::coverage {

// The engine for every problem: the network simplex method of LEMON on nurses, openings and sets. Returns nothing if
// the floors cannot be met.
std::optional<Found> FindByNetwork(const CoverageProblem& problem);

// Returns why the floors cannot be met. If they can be met, the result proves nothing.
Shortage FindShortage(const CoverageProblem& problem);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_NETWORK_H_
