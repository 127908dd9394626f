#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_TESTING_RANDOM_VISITS_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_TESTING_RANDOM_VISITS_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "services/matching/coverage/testing/random_problem.h"
#include "services/matching/coverage/visit_problem.h"

namespace tsunagu::matching::coverage {

// Returns the largest number of visits for which both the supply and the opening have room.
inline int32_t MostOf(const VisitProblem& problem, int32_t supply, int32_t opening) {
  const market::VisitLimits& limits = problem.limits[supply];
  const int32_t slot = problem.slots[opening];
  return std::min(
      {limits.at_once[slot], limits.weekly[slot / market::kSlotsOfWeek], limits.all, problem.posts[opening]});
}

inline void AddPairs(VisitProblem& problem, Dice& dice, int32_t one_in, int32_t most_cost) {
  for (int32_t supply = 0; supply < problem.supply_count(); ++supply) {
    for (int32_t opening = 0; opening < problem.opening_count(); ++opening) {
      if (MostOf(problem, supply, opening) == 0 || !dice.OneIn(one_in)) continue;
      problem.pairs.push_back({supply, opening, dice.Between(0, most_cost)});
    }
  }
  for (size_t i = problem.pairs.size(); i > 1; --i) {
    std::swap(problem.pairs[i - 1], problem.pairs[dice.Below(static_cast<int64_t>(i))]);
  }
}

// A few supplies and openings, with nested limits on both sides, and floors that may contradict each other or be
// impossible.
inline VisitProblem TinyVisits(uint64_t seed) {
  Dice dice(seed);
  VisitProblem problem;
  const int32_t slots[] = {0, 1, market::kSlotsOfWeek};  // two of school, one of the holidays
  for (int32_t opening = 0, openings = dice.Between(1, 4); opening < openings; ++opening) {
    problem.slots.push_back(slots[dice.Below(3)]);
    problem.posts.push_back(dice.Between(0, 2));
    problem.weights.push_back(dice.Between(1, 2));
  }
  for (int32_t supply = 0, supplies = dice.Between(1, 3); supply < supplies; ++supply) {
    market::VisitLimits& limits = problem.limits.emplace_back();
    for (const int32_t slot : slots) limits.at_once[slot] = dice.Below(3);
    limits.weekly = {dice.Below(4), dice.Below(3)};
    limits.all = dice.Below(5);
  }
  if (dice.OneIn(5)) {
    AddPairs(problem, dice, 1, 3);
    return problem;
  }
  problem.caps.set_of_opening.assign(problem.posts.size(), -1);
  for (int32_t set = 0, sets = dice.Between(1, 3); set < sets; ++set) {
    problem.caps.parent.push_back(dice.Below(set + 1) - 1);
    problem.caps.limit.push_back(dice.OneIn(3) ? 1'000'000 : dice.Below(5));
    problem.floors.push_back(dice.OneIn(2) ? dice.Below(3) : 0);
    for (int32_t& inside : problem.caps.set_of_opening) {
      if (inside == problem.caps.parent.back() && dice.OneIn(2)) inside = set;
    }
  }
  AddPairs(problem, dice, dice.Between(1, 2), 3);
  return problem;
}

// Supplies and facilities of a prefecture, each facility with four half-days; a cap around every ten of them, and
// floors in some.
inline VisitProblem PrefectureOfVisits(int32_t supplies, int32_t facilities, int32_t most_cost, uint64_t seed) {
  Dice dice(seed);
  VisitProblem problem;
  for (int32_t facility = 0; facility < facilities; ++facility) {
    const int32_t first = dice.Below(market::kSlots - 3);
    for (int32_t i = 0; i < 4; ++i) {
      problem.slots.push_back(first + i);
      problem.posts.push_back(dice.Between(1, 2));
      problem.weights.push_back(dice.Between(1, 3));
      problem.caps.set_of_opening.push_back(1 + facility / 10);
    }
  }
  problem.caps.parent.assign(static_cast<size_t>(1 + (facilities + 9) / 10), 0);
  problem.caps.parent[0] = -1;
  for (size_t set = 0; set < problem.caps.parent.size(); ++set) {
    problem.caps.limit.push_back(set == 0 ? 1'000'000 : dice.Between(20, 40));
    problem.floors.push_back(set % 3 == 1 ? dice.Between(1, 3) : 0);
  }
  for (int32_t supply = 0; supply < supplies; ++supply) {
    market::VisitLimits& limits = problem.limits.emplace_back();
    for (int32_t& slot : limits.at_once) slot = dice.Between(0, 2);
    limits.weekly = {dice.Between(2, 8), dice.Between(2, 8)};
    limits.all = dice.Between(4, 12);
  }
  AddPairs(problem, dice, 3, most_cost);
  return problem;
}

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_TESTING_RANDOM_VISITS_H_
