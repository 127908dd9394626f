#include "services/matching/coverage/settle.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "services/matching/coverage/least_levels.h"
#include "services/matching/coverage/standing.h"
#include "services/matching/coverage/turns.h"

namespace tsunagu::matching::coverage {
namespace {

// The price of a node is its level minus the level of the node around it.
Prices PricesOf(const CoverageProblem& problem, const Standing& standing, const std::vector<int64_t>& levels) {
  Prices prices;
  for (int32_t opening = 0; opening < problem.market.opening_count(); ++opening) {
    prices.openings.push_back(levels[opening] - levels[standing.Around(opening)]);
  }
  for (int32_t set = 0; set < problem.set_count(); ++set) {
    const int32_t node = standing.NodeOfSet(set);
    const int64_t above = levels[node] - levels[standing.Around(node)];
    prices.limits.push_back(std::max<int64_t>(above, 0));
    prices.floors.push_back(std::max<int64_t>(-above, 0));
  }
  return prices;
}

}  // namespace

Answer Settle(const CoverageProblem& problem, Found found) {
  Standing standing(problem, found.assigned);
  const std::vector<int64_t> levels = LeastLevels(problem, standing, found);
  Prices prices = PricesOf(problem, standing, levels);
  return {ChooseByTurns(problem, std::move(found.assigned), std::move(standing), levels), std::move(prices)};
}

}  // namespace tsunagu::matching::coverage
