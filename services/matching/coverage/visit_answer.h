#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_ANSWER_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_ANSWER_H_

#include <cstdint>
#include <vector>

namespace tsunagu::matching::coverage {

// What scarce things are worth, in the units of the gain (visit_problem.h); never negative. No visit gains more than
// the prices of all that it counts in, those of floors taken off; one that is made gains just that. What has a price is
// used up, and no floor with a price is exceeded.
//
// Of all such prices they are those at which each place, with all that lies around, costs least, and hence each
// half-day of a supply most. One more post brings no more than its price. Of a place in no set, and of the limit of an
// outermost set, it brings just that; one more of an outermost floor costs its price, which is more than half of
// Scale::beyond_price where nobody could be added; and one visit less of a supply loses what its visits of both kinds
// of week cost together.
struct VisitPrices {
  std::vector<int64_t> supplies;  // by supply: of its visits in both kinds of week together
  std::vector<int64_t> weeks;     // by supply two: of a week of each kind
  std::vector<int64_t> slots;     // by supply market::kSlots: of each half-day
  std::vector<int64_t> places;    // by place
  std::vector<int64_t> limits;    // by set
  std::vector<int64_t> floors;    // by set

  bool operator==(const VisitPrices&) const = default;
};

// The best cover and the prices that prove it (visit_verify.h). Only one cover and one set of prices are the answer to
// a problem.
struct VisitAnswer {
  std::vector<int32_t> counts;  // by pair: how many visits
  VisitPrices prices;

  bool operator==(const VisitAnswer&) const = default;
};

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_ANSWER_H_
