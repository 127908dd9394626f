#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_PATHS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_PATHS_H_

#include "services/matching/coverage/found.h"
#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

// Engines for problems without sets. Nurses are added one by one. Each causes the cheapest chain of moves, found as a
// shortest path over openings alone, and that path determines how prices rise. Both engines find the same result.

// Looks at every nurse of an opening on the path. Best if openings have few nurses, or if few openings have a price.
Found FindByNurses(const CoverageProblem& problem);

// Keeps, for every two openings, the nurses of the one ordered by the cost of moving them to the other, so that it
// looks only at the first. Takes 16 bytes for each pair of choices of a nurse. Best if an opening has many nurses.
Found FindByPairs(const CoverageProblem& problem);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_PATHS_H_
