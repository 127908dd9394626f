#include "services/matching/coverage/visit_shortage.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "services/matching/coverage/shortage.h"

namespace tsunagu::matching::coverage {
namespace {

using market::kSlots;
using market::kSlotsOfWeek;

// Returns the most visits that all supplies could make in these openings if there were enough posts.
int64_t MostIn(const VisitProblem& problem, const std::vector<bool>& openings) {
  std::vector<std::array<bool, kSlots>> uses(problem.limits.size());
  for (const VisitPair& pair : problem.pairs) {
    if (openings[pair.opening]) uses[pair.supply][problem.slots[pair.opening]] = true;
  }
  int64_t most = 0;
  for (size_t supply = 0; supply < uses.size(); ++supply) {
    const market::VisitLimits& limits = problem.limits[supply];
    std::array<int64_t, 2> weeks{};
    for (int32_t slot = 0; slot < kSlots; ++slot) {
      if (uses[supply][slot]) weeks[slot / kSlotsOfWeek] += limits.at_once[slot];
    }
    const int64_t both = std::min<int64_t>(weeks[0], limits.weekly[0]) + std::min<int64_t>(weeks[1], limits.weekly[1]);
    most += std::min<int64_t>(both, limits.all);
  }
  return most;
}

}  // namespace

// The weight of a visit: plus one for every set around it that requires it, minus one for everything that holds it. The
// weights of all visits sum up to at least wanted - held. Every visit with a positive weight is in one of the openings
// and counts once.
bool ProvesVisitShortage(const VisitProblem& problem, const VisitShortage& shortage) {
  bool sound = true;
  const std::vector<bool> wants = Marked(shortage.floors, problem.set_count(), sound);
  const std::vector<bool> holds = Marked(shortage.limits, problem.set_count(), sound);
  const std::vector<bool> bounded = Marked(shortage.bounded_openings, problem.opening_count(), sound);
  const std::vector<bool> openings = Marked(shortage.openings, problem.opening_count(), sound);
  if (!sound) return false;
  for (int32_t opening = 0; opening < problem.opening_count(); ++opening) {
    int count = bounded[opening] ? -1 : 0;
    for (int32_t set = problem.SetOf(opening); set >= 0; set = problem.caps.parent[set])
      count += wants[set] - holds[set];
    if (count > (openings[opening] ? 1 : 0)) return false;
  }
  int64_t wanted = 0, held = 0;
  for (const int32_t set : shortage.floors) wanted += problem.floors[set];
  for (const int32_t set : shortage.limits) held += problem.caps.limit[set];
  for (const int32_t opening : shortage.bounded_openings) held += problem.posts[opening];
  return wanted == shortage.wanted && held == shortage.held && MostIn(problem, openings) <= shortage.supplied &&
         wanted > held + shortage.supplied;
}

}  // namespace tsunagu::matching::coverage
