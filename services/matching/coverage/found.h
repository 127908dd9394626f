#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_FOUND_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_FOUND_H_

#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::coverage {

// The result of an engine: one of the best assignments and, for every opening and set, its level: the total price of
// being there, including everything around it. The level outside all sets is 0. Settle (settle.h) derives the answer
// from it.
struct Found {
  market::Assigned assigned;
  std::vector<int64_t> opening_levels;  // by opening
  std::vector<int64_t> set_levels;      // by set
};

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_FOUND_H_
