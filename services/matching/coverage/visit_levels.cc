#include "services/matching/coverage/visit_levels.h"

#include <algorithm>
#include <cstddef>
#include <queue>

namespace tsunagu::matching::coverage {
namespace {

// Along the flow, the levels of supplies are negated. Then every condition has the form level(b) >= level(a) +
// constant, and the levels are the longest paths from the outside. No circle of steps has a positive length, since the
// cover is optimal.
class LongestWays {
 public:
  LongestWays(const VisitProblem& problem, const VisitNodes& nodes, const std::vector<int32_t>& counts)
      : problem_(problem),
        nodes_(nodes),
        scale_(ScaleOf(problem)),
        counts_(counts),
        in_(nodes.CountsOf(counts)),
        ways_(in_.size(), 0),
        is_reached_(in_.size(), false),
        is_waiting_(in_.size(), false) {}

  std::vector<int64_t> Run() && {
    Reach(nodes_.outside(), 0);
    while (!waiting_.empty()) {
      const int32_t node = waiting_.front();
      waiting_.pop();
      is_waiting_[node] = false;
      Spread(node);
    }
    for (int32_t node = 0; nodes_.IsOfSupply(node); ++node) ways_[node] = -ways_[node];
    return std::move(ways_);
  }

 private:
  void Reach(int32_t node, int64_t way) {
    if (is_reached_[node] && way <= ways_[node]) return;
    is_reached_[node] = true;
    ways_[node] = way;
    if (is_waiting_[node]) return;
    is_waiting_[node] = true;
    waiting_.push(node);
  }

  // A node with room costs no more than the node around it; a node at its floor may cost less. A node without visits
  // has no price.
  void Spread(int32_t node) {
    const int64_t way = ways_[node];
    if (node != nodes_.outside() && (nodes_.IsOfSupply(node) || in_[node] < nodes_.LimitOf(node))) {
      Reach(nodes_.Around(node), way);
    }
    for (const int32_t inner : nodes_.Within(node)) {
      if (!nodes_.IsOfSupply(inner)) {
        const bool at_floor = nodes_.FloorOf(inner) > 0 && in_[inner] == nodes_.FloorOf(inner);
        Reach(inner, at_floor ? way - scale_.beyond_price : way);
      } else if (in_[inner] == 0 || in_[inner] < nodes_.LimitOf(inner)) {
        Reach(inner, way);
      }
    }
    for (const int32_t index : nodes_.PairsAt(node)) {
      const VisitPair& pair = problem_.pairs[index];
      const int64_t gain = GainOf(problem_, scale_, pair);
      if (nodes_.IsOfSupply(node)) {
        Reach(nodes_.EndOf(pair), way + gain);
      } else if (counts_[index] > 0) {
        Reach(nodes_.StartOf(pair), way - gain);
      }
    }
  }

  const VisitProblem& problem_;
  const VisitNodes& nodes_;
  const Scale scale_;
  const std::vector<int32_t>& counts_;
  const std::vector<int32_t> in_;  // by node
  std::vector<int64_t> ways_;      // by node
  std::vector<bool> is_reached_, is_waiting_;
  std::queue<int32_t> waiting_;
};

}  // namespace

std::vector<int64_t> LevelsOf(const VisitProblem& problem, const VisitNodes& nodes,
                              const std::vector<int32_t>& counts) {
  return LongestWays(problem, nodes, counts).Run();
}

VisitPrices PricesOf(const VisitProblem& problem, const VisitNodes& nodes, const std::vector<int64_t>& levels) {
  const auto above = [&](int32_t node) { return levels[node] - levels[nodes.Around(node)]; };
  VisitPrices prices;
  for (int32_t supply = 0; supply < problem.supply_count(); ++supply) {
    prices.supplies.push_back(above(nodes.OfSupply(supply)));
    for (int32_t week = 0; week < 2; ++week) prices.weeks.push_back(above(nodes.OfWeek(supply, week)));
    for (int32_t slot = 0; slot < market::kSlots; ++slot) prices.slots.push_back(above(nodes.OfSlot(supply, slot)));
  }
  for (int32_t opening = 0; opening < problem.opening_count(); ++opening)
    prices.openings.push_back(above(nodes.OfOpening(opening)));
  for (int32_t set = 0; set < problem.set_count(); ++set) {
    prices.limits.push_back(std::max<int64_t>(above(nodes.OfSet(set)), 0));
    prices.floors.push_back(std::max<int64_t>(-above(nodes.OfSet(set)), 0));
  }
  return prices;
}

}  // namespace tsunagu::matching::coverage
