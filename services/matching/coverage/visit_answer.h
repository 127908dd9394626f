#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_ANSWER_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_ANSWER_H_

#include <cstdint>
#include <vector>

namespace tsunagu::matching::coverage {

// The prices of supplies, openings, limits and floors, in the units of the gain (visit_problem.h); never negative. The
// gain of a possible visit is at most the sum of the prices of everything in which it counts, less those of floors; the
// gain of a visit that is made equals this sum. Whatever has a price is used up, and a floor with a price is not
// exceeded.
//
// Of all such prices these are the least at each opening, including the sets around it, and hence the largest at each
// half-day of a supply. One more post brings at most its price. For an opening in no set, and for the limit of an
// outermost set, it brings exactly the price. One more visit of an outermost floor costs its price, which is more than
// half of Scale::beyond_price if no visit could be added. One visit less of a supply loses the price of its visits in
// both kinds of week together.
struct VisitPrices {
  std::vector<int64_t> supplies;  // by supply: its visits in both kinds of week together
  std::vector<int64_t> weeks;     // by supply, two each: a week of each kind
  std::vector<int64_t> slots;     // by supply, market::kSlots each: each half-day
  std::vector<int64_t> openings;  // by opening
  std::vector<int64_t> limits;    // by set
  std::vector<int64_t> floors;    // by set

  bool operator==(const VisitPrices&) const = default;
};

// The best cover and the prices that prove it (visit_verify.h). A problem has exactly one answer.
struct VisitAnswer {
  std::vector<int32_t> counts;  // by pair: how many visits
  VisitPrices prices;

  bool operator==(const VisitAnswer&) const = default;
};

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_ANSWER_H_
