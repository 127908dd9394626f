#include "services/matching/coverage/visit_nodes.h"

#include <cstddef>

namespace tsunagu::matching::coverage {

VisitNodes::VisitNodes(const VisitProblem& problem) : problem_(problem) {
  const auto count = static_cast<size_t>(OfOpening(problem.opening_count()) + problem.set_count() + 1);
  around_.resize(count);
  limits_.resize(count);
  floors_.resize(count);
  within_.resize(count);
  pairs_.resize(count);
  for (int32_t supply = 0; supply < problem.supply_count(); ++supply) {
    const market::VisitLimits& limits = problem.limits[supply];
    Enclose(OfSupply(supply), outside(), limits.all);
    for (int32_t week = 0; week < 2; ++week) Enclose(OfWeek(supply, week), OfSupply(supply), limits.weekly[week]);
    for (int32_t slot = 0; slot < market::kSlots; ++slot) {
      Enclose(OfSlot(supply, slot), OfWeek(supply, slot / market::kSlotsOfWeek), limits.at_once[slot]);
    }
  }
  for (int32_t opening = 0; opening < problem.opening_count(); ++opening) {
    Enclose(OfOpening(opening), OfSet(problem.SetOf(opening)), problem.posts[opening]);
  }
  for (int32_t set = 0; set < problem.set_count(); ++set) {
    Enclose(OfSet(set), OfSet(problem.caps.parent[set]), problem.caps.limit[set], problem.floors[set]);
  }
  for (int32_t pair = 0; pair < static_cast<int32_t>(problem.pairs.size()); ++pair) {
    pairs_[StartOf(problem.pairs[pair])].push_back(pair);
    pairs_[EndOf(problem.pairs[pair])].push_back(pair);
  }
}

void VisitNodes::Enclose(int32_t node, int32_t around, int32_t limit, int32_t floor) {
  around_[node] = around;
  limits_[node] = limit;
  floors_[node] = floor;
  within_[around].push_back(node);
}

std::vector<int32_t> VisitNodes::CountsOf(const std::vector<int32_t>& counts) const {
  std::vector<int32_t> in(limits_.size(), 0);
  for (size_t pair = 0; pair < counts.size(); ++pair) {
    if (counts[pair] == 0) continue;
    for (const int32_t end : {StartOf(problem_.pairs[pair]), EndOf(problem_.pairs[pair])}) {
      for (int32_t node = end; node != outside(); node = Around(node)) in[node] += counts[pair];
    }
  }
  return in;
}

}  // namespace tsunagu::matching::coverage
