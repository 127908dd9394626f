#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_ENGINE_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_ENGINE_H_

#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

enum class Engine {
  kNetwork,  // network.h
  kNurses,   // paths.h
  kPairs,    // paths.h
};

// The engine that is fastest by experience (docs/performance.md):
//   limits or floors                                          kNetwork, which alone takes them
//   at least 1.3 posts for each nurse                         kNurses: most nurses find a free post at once
//   at least one post for each nurse                          kPairs
//   fewer, and a place shares nurses with few other places:
//     no more than a quarter of how many nurses choose it     kPairs: few pairs, long queues
//     more                                                    kNetwork
// Posts that nobody chooses and nurses without choices do not count. The number of places that share nurses is that of a
// sample, the same for the same problem.
Engine EngineFor(const CoverageProblem& problem);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_ENGINE_H_
