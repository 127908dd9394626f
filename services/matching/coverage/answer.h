#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_ANSWER_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_ANSWER_H_

#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::coverage {

// What scarce things are worth, in the units of the gain (problem.h); never negative. With them every nurse has what
// she would choose if she paid them: her gain, less the prices of the place and of the limits around it, plus what the
// floors around it add, is the most she can have, and no less than nothing.
//
// Of all such prices they are those at which the total, with all that lies around, is the least at every place. In no
// set, or of an outermost one, that is what one more post there would bring, or a limit higher by one; and of a floor
// what one more would cost, hence what would have to be offered for its nurses to come by themselves. It is more than
// half of Scale::beyond_price where nobody could be added at any price.
struct Prices {
  std::vector<int64_t> places;  // by place
  std::vector<int64_t> limits;  // by set
  std::vector<int64_t> floors;  // by set

  bool operator==(const Prices&) const = default;
};

// The best assignment and the prices that prove it (verify.h). Only one assignment and one set of prices are the answer
// to a problem, whichever engine finds them.
struct Answer {
  market::Assigned assigned;
  Prices prices;

  bool operator==(const Answer&) const = default;
};

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_ANSWER_H_
