#include "services/matching/coverage/visit_problem.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "services/matching/coverage/sets.h"

namespace tsunagu::matching::coverage {
namespace {

using market::kSlots;
using market::kSlotsOfWeek;

constexpr int64_t kLargest = int64_t{1} << 62;
constexpr int64_t kMostOf32 = std::numeric_limits<int32_t>::max();

// Returns how many visits can change along a path or a circle: each of them enters another opening, and another
// half-day of a supply.
absl::int128 ChangesOf(const VisitProblem& problem) {
  std::vector<bool> half_days(problem.limits.size() * kSlots, false), openings(problem.posts.size(), false);
  for (const VisitPair& pair : problem.pairs) {
    half_days[static_cast<size_t>(pair.supply) * kSlots + static_cast<size_t>(problem.slots[pair.opening])] = true;
    openings[pair.opening] = true;
  }
  const auto marked = [](const std::vector<bool>& marks) { return std::count(marks.begin(), marks.end(), true); };
  return static_cast<int64_t>(std::min(marked(half_days), marked(openings))) + 1;
}

absl::int128 UnitOf(const VisitProblem& problem, absl::int128 changes) {
  int64_t most = 0;
  for (const VisitPair& pair : problem.pairs) most = std::max<int64_t>(most, pair.cost);
  return changes * most + 1;
}

struct Bounds {
  absl::int128 unit, most, beyond;
};

// Each change on a path moves the gain by at most one gain. The result is four times what a whole path can change, so
// that a price beyond it stays beyond it along every path.
Bounds BoundsOf(const VisitProblem& problem) {
  int64_t weight = 0;
  for (const int32_t each : problem.weights) weight = std::max<int64_t>(weight, each);
  const absl::int128 changes = ChangesOf(problem);
  const absl::int128 unit = UnitOf(problem, changes);
  const absl::int128 most = weight * unit;
  return {unit, most, 4 * (most + 1) * (changes + 1)};
}

// LEMON's potentials follow a tree through all nodes; a path of prices may go through every floor.
absl::int128 LargestOf(const VisitProblem& problem, const Bounds& bounds) {
  const int64_t nodes =
      int64_t{problem.supply_count()} * (kSlots + 3) + problem.opening_count() + problem.set_count() + 1;
  return 2 * std::max((bounds.most + 1) * nodes, bounds.beyond * (int64_t{problem.set_count()} + 2));
}

// LEMON counts arcs, and the flow through a node, in 32 bits.
bool FitsInNetwork(const VisitProblem& problem) {
  const int64_t arcs = static_cast<int64_t>(problem.pairs.size()) + int64_t{problem.supply_count()} * (kSlots + 3) +
                       problem.opening_count() + problem.set_count();
  const auto sum = [](const std::vector<int32_t>& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), int64_t{0});
  };
  return arcs < kMostOf32 && sum(problem.posts) < kMostOf32 && sum(problem.floors) < kMostOf32;
}

class Checker {
 public:
  explicit Checker(const VisitProblem& problem) : problem_(problem) {}

  std::vector<Fault> Run() {
    if (!Fit()) return {{FaultKind::kWrongSize}};
    CheckSupplies();
    CheckOpenings();
    CheckSets(problem_.caps, problem_.floors, faults_);
    if (faults_.empty()) CheckPairs();
    if (!faults_.empty()) return std::move(faults_);
    if (LargestOf(problem_, BoundsOf(problem_)) >= kLargest || !FitsInNetwork(problem_)) Report(FaultKind::kTooLarge);
    if (faults_.empty()) CheckFloors(problem_.caps, problem_.floors, problem_.posts, faults_);
    return std::move(faults_);
  }

 private:
  void Report(FaultKind kind, int32_t supply = -1, int32_t opening = -1, int32_t set = -1) {
    faults_.push_back({kind, supply, opening, set});
  }

  bool Fit() const {
    const size_t openings = problem_.posts.size(), sets = problem_.caps.parent.size();
    const size_t placed = problem_.caps.set_of_opening.size();
    return problem_.slots.size() == openings && problem_.weights.size() == openings &&
           problem_.caps.limit.size() == sets && problem_.floors.size() == sets &&
           (placed == openings || (placed == 0 && sets == 0));
  }

  void CheckSupplies() {
    for (int32_t supply = 0; supply < problem_.supply_count(); ++supply) {
      const market::VisitLimits& limits = problem_.limits[supply];
      const bool negative = limits.all < 0 || std::min(limits.weekly[0], limits.weekly[1]) < 0 ||
                            *std::min_element(limits.at_once.begin(), limits.at_once.end()) < 0;
      if (negative) Report(FaultKind::kNegativeVisits, supply);
    }
  }

  void CheckOpenings() {
    for (int32_t opening = 0; opening < problem_.opening_count(); ++opening) {
      if (problem_.slots[opening] < 0 || problem_.slots[opening] >= kSlots)
        Report(FaultKind::kUnknownSlot, -1, opening);
      if (problem_.posts[opening] < 0) Report(FaultKind::kNegativePosts, -1, opening);
      if (problem_.weights[opening] < 1) Report(FaultKind::kNoWeight, -1, opening);
      const int32_t set = problem_.SetOf(opening);
      if (set < -1 || set >= problem_.set_count()) Report(FaultKind::kUnknownSet, -1, opening, set);
    }
  }

  void CheckPairs() {
    std::vector<std::pair<int32_t, int32_t>> named;
    for (const auto& [supply, opening, cost] : problem_.pairs) {
      named.emplace_back(supply, opening);
      if (supply < 0 || supply >= problem_.supply_count()) {
        Report(FaultKind::kUnknownSupply, supply, opening);
      } else if (opening < 0 || opening >= problem_.opening_count()) {
        Report(FaultKind::kUnknownOpening, supply, opening);
      } else {
        if (cost < 0) Report(FaultKind::kNegativeCost, supply, opening);
        if (!HasRoom(problem_.limits[supply], opening)) Report(FaultKind::kNoRoom, supply, opening);
      }
    }
    std::sort(named.begin(), named.end());
    const auto twice = std::adjacent_find(named.begin(), named.end());
    if (twice != named.end()) Report(FaultKind::kOpeningTwice, twice->first, twice->second);
  }

  bool HasRoom(const market::VisitLimits& limits, int32_t opening) const {
    const int32_t slot = problem_.slots[opening];
    return std::min({limits.at_once[slot], limits.weekly[slot / kSlotsOfWeek], limits.all, problem_.posts[opening]}) >
           0;
  }

  const VisitProblem& problem_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Fault> CheckVisitProblem(const VisitProblem& problem) { return Checker(problem).Run(); }

Scale ScaleOf(const VisitProblem& problem) {
  const Bounds bounds = BoundsOf(problem);
  return {static_cast<int64_t>(bounds.unit), static_cast<int64_t>(bounds.most), static_cast<int64_t>(bounds.beyond)};
}

}  // namespace tsunagu::matching::coverage
