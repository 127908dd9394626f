#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_ENGINE_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_ENGINE_H_

#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

enum class Engine {
  kNetwork,  // network.h
  kNurses,   // paths.h
  kPairs,    // paths.h
};

// Returns the engine that is fastest by measurement (docs/performance.md): kNetwork, which is never slow and is the
// only one for limits and floors, unless there are none and
//   posts are enough, and nurses do not crowd:   kNurses with 1.3 posts for each nurse or more, kPairs with fewer
//   posts are too few, nurses do not crowd, and
//   an opening shares nurses with few others:       kPairs
// Nurses crowd if too many would be in excess when each had the choice with the largest gain, as at openings with
// larger weights. Not counting the nurses for whom there is no post at all, the limit per hundred nurses is 42 if there
// are as many posts as nurses, and falls with the square of posts for each nurse; it is 20 if posts are too few. "Few
// others" are at most a quarter of the number of nurses who choose the opening. Posts that nobody chooses and nurses
// without choices do not count. The number of other openings with which an opening shares nurses is estimated from a
// sample, which is the same for the same problem.
Engine EngineFor(const CoverageProblem& problem);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_ENGINE_H_
