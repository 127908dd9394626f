#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_ENGINE_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_ENGINE_H_

#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

enum class Engine {
  kNetwork,  // network.h
  kNurses,   // paths.h
  kPairs,    // paths.h
};

// The engine that is fastest by experience (docs/performance.md). kNetwork, which is never slow and alone takes limits
// and floors, unless there are none and
//   posts are enough, and nurses do not crowd:   kNurses with 1.3 posts for each nurse or more, kPairs with fewer
//   posts are too few, nurses do not crowd, and
//   a place shares nurses with few others:       kPairs
// Nurses crowd where too many would be over if each had what gains most by itself, as at places that weigh more than
// others: of every hundred nurses, beyond those for whom there is no post at all, 42 where there are as many posts as
// nurses, and the fewer the more posts there are (by the square of posts for each nurse); 20 where posts are too few.
// Few others are no more than a quarter as many as nurses choose the place. Posts that nobody chooses and nurses
// without choices do not count. With how many others a place shares nurses is taken from a sample, the same for the
// same problem.
Engine EngineFor(const CoverageProblem& problem);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_ENGINE_H_
