#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_FOUND_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_FOUND_H_

#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::coverage {

// What an engine finds: one of the best assignments, and for every place and set what it costs in all to be there,
// itself and everything around it; outside all of them it costs 0. Settle (settle.h) makes the one answer of it.
struct Found {
  market::Assigned assigned;
  std::vector<int64_t> place_levels;  // by place
  std::vector<int64_t> set_levels;    // by set
};

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_FOUND_H_
