#include "services/matching/coverage/shortage.h"

#include <algorithm>

namespace tsunagu::matching::coverage {
namespace {

// The weight of a nurse at an opening: plus one for every set around it that requires her, minus one for every one that
// holds her. The weights of all nurses sum up to at least wanted - held. Every nurse with a positive weight is eligible
// and counts once.
std::vector<int> CountsOfSets(const CoverageProblem& problem, const std::vector<bool>& wants,
                              const std::vector<bool>& holds) {
  std::vector<int> counts(problem.floors.size(), 0);
  for (int32_t set = 0; set < problem.set_count(); ++set) {
    const int32_t parent = problem.caps.parent[set];
    counts[set] = (parent < 0 ? 0 : counts[parent]) + wants[set] - holds[set];
  }
  return counts;
}

int64_t NursesWithChoiceIn(const market::Market& market, const std::vector<bool>& openings) {
  int64_t nurses = 0;
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
    const auto choices = market.ChoicesOf(nurse);
    nurses += std::any_of(choices.begin(), choices.end(), [&](const market::Choice& c) { return openings[c.opening]; });
  }
  return nurses;
}

}  // namespace

std::vector<bool> Marked(const std::vector<int32_t>& indexes, int32_t count, bool& sound) {
  std::vector<bool> marks(static_cast<size_t>(count), false);
  for (const int32_t index : indexes) {
    if (index < 0 || index >= count || marks[index]) {
      sound = false;
    } else {
      marks[index] = true;
    }
  }
  return marks;
}

bool ProvesShortage(const CoverageProblem& problem, const Shortage& shortage) {
  const int32_t opening_count = problem.market.opening_count();
  bool sound = true;
  const std::vector<bool> wants = Marked(shortage.floors, problem.set_count(), sound);
  const std::vector<bool> holds = Marked(shortage.limits, problem.set_count(), sound);
  const std::vector<bool> bounded = Marked(shortage.bounded_openings, opening_count, sound);
  const std::vector<bool> openings = Marked(shortage.openings, opening_count, sound);
  if (!sound) return false;
  const std::vector<int> counts = CountsOfSets(problem, wants, holds);
  for (int32_t opening = 0; opening < opening_count; ++opening) {
    const int32_t set = problem.SetOf(opening);
    const int count = (set < 0 ? 0 : counts[set]) - bounded[opening];
    if (count > (openings[opening] ? 1 : 0)) return false;
  }
  int64_t wanted = 0, held = 0;
  for (const int32_t set : shortage.floors) wanted += problem.floors[set];
  for (const int32_t set : shortage.limits) held += problem.caps.limit[set];
  for (const int32_t opening : shortage.bounded_openings) held += problem.market.posts[opening];
  return wanted == shortage.wanted && held == shortage.held &&
         NursesWithChoiceIn(problem.market, openings) == shortage.eligible && wanted > held + shortage.eligible;
}

}  // namespace tsunagu::matching::coverage
