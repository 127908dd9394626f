#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_ANSWER_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_ANSWER_H_

#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::coverage {

// The prices of posts, limits and floors, in the units of the gain (problem.h); never negative. At these prices every
// nurse has her best choice: her gain, less the prices of the opening and of the limits around it, plus the prices of
// the floors around it, is the largest possible and not negative.
//
// Of all such prices these have the least total at every opening, including the sets around it. For an opening in no
// set, or for an outermost set, the price is what one more post, or a limit higher by one, would bring. For a floor it
// is what one more nurse would cost, hence what would have to be offered for its nurses to come by themselves. It is
// more than half of Scale::beyond_price if no nurse could be added at any price.
struct Prices {
  std::vector<int64_t> openings;  // by opening
  std::vector<int64_t> limits;    // by set
  std::vector<int64_t> floors;    // by set

  bool operator==(const Prices&) const = default;
};

// The best assignment and the prices that prove it (verify.h). A problem has exactly one answer, whichever engine
// computes it.
struct Answer {
  market::Assigned assigned;
  Prices prices;

  bool operator==(const Answer&) const = default;
};

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_ANSWER_H_
