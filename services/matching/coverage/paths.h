#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_PATHS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_PATHS_H_

#include "services/matching/coverage/found.h"
#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

// Engines for problems without sets. Nurses come in one by one; each brings about the cheapest chain of moves, found as
// a shortest path over places alone, and prices rise by what that path shows. Both find the same.

// Looks at every nurse of a place that it comes through. Best where places have few nurses or prices are rare.
Found FindByNurses(const CoverageProblem& problem);

// Keeps, for every two places, the nurses of the one in the order of what it costs to move them to the other, so that
// only the first of them is looked at. Takes 16 bytes for each two choices of a nurse. Best where a place has many
// nurses.
Found FindByPairs(const CoverageProblem& problem);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_PATHS_H_
