#include "services/matching/coverage/problem.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "absl/numeric/int128.h"
#include "services/matching/coverage/sets.h"

namespace tsunagu::matching::coverage {
namespace {

constexpr int64_t kLargest = int64_t{1} << 62;

// One more than the largest difference in cost when nurses change openings along a path or a circle: each of them
// enters another opening, and each gives up at most one.
absl::int128 UnitOf(const CoverageProblem& problem) {
  int64_t most = 0;
  for (const int32_t cost : problem.costs) most = std::max<int64_t>(most, cost);
  const int64_t nurses = std::min<int64_t>(problem.market.nurse_count(), int64_t{problem.market.opening_count()} + 1);
  return absl::int128(nurses) * most + 1;
}

absl::int128 MostOf(const CoverageProblem& problem) {
  int64_t weight = 0, cost = 0;
  for (const int32_t each : problem.weights) weight = std::max<int64_t>(weight, each);
  for (const int32_t each : problem.costs) cost = std::max<int64_t>(cost, each);
  return weight * UnitOf(problem) + cost;
}

// A path of nurses who change openings enters each opening once, and each step changes the total by at most two gains.
// The result is four times that bound, so that a price beyond it stays beyond it along every path.
absl::int128 BeyondOf(const CoverageProblem& problem) {
  return 8 * (MostOf(problem) + 1) * (int64_t{problem.market.opening_count()} + 2);
}

// The largest possible number: LEMON's potentials follow a tree through all nodes, and the price of each of several
// nested sets may be beyond.
absl::int128 BoundOf(const CoverageProblem& problem) {
  const int64_t nodes =
      int64_t{problem.market.nurse_count()} + problem.market.opening_count() + problem.set_count() + 2;
  return std::max((MostOf(problem) + 1) * nodes, BeyondOf(problem) * (int64_t{problem.set_count()} + 2)) * 2;
}

// LEMON counts arcs and sums of floors in 32 bits.
bool FitsInNetwork(const CoverageProblem& problem) {
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  const int64_t arcs = static_cast<int64_t>(problem.market.choices.size()) + problem.market.nurse_count() +
                       problem.market.opening_count() + problem.set_count();
  return arcs < kMost && std::accumulate(problem.floors.begin(), problem.floors.end(), int64_t{0}) < kMost;
}

class Checker {
 public:
  explicit Checker(const CoverageProblem& problem) : problem_(problem), market_(problem.market) {}

  std::vector<Fault> Run() {
    if (!Fit()) return {{FaultKind::kWrongSize}};
    CheckNurses();
    CheckOpenings();
    CheckSets(problem_.caps, problem_.floors, faults_);
    if (BoundOf(problem_) >= kLargest || !FitsInNetwork(problem_)) Report(FaultKind::kTooLarge);
    if (faults_.empty()) CheckFloors(problem_.caps, problem_.floors, market_.posts, faults_);
    return std::move(faults_);
  }

 private:
  void Report(FaultKind kind, int32_t nurse = -1, int32_t opening = -1, int32_t set = -1) {
    faults_.push_back({kind, nurse, opening, set});
  }

  bool Fit() const {
    const std::vector<uint32_t>& begin = market_.begin;
    const size_t sets = problem_.caps.parent.size(), placed = problem_.caps.set_of_opening.size();
    return !begin.empty() && begin.front() == 0 && begin.back() == market_.choices.size() &&
           std::is_sorted(begin.begin(), begin.end()) && problem_.costs.size() == market_.choices.size() &&
           problem_.weights.size() == market_.posts.size() && problem_.caps.limit.size() == sets &&
           problem_.floors.size() == sets && (placed == market_.posts.size() || (placed == 0 && sets == 0));
  }

  void CheckNurses() {
    std::vector<int32_t> seen(market_.posts.size(), -1);
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      for (size_t i = market_.begin[nurse]; i < market_.begin[nurse + 1]; ++i) {
        const int32_t opening = market_.choices[i].opening;
        if (problem_.costs[i] < 0) Report(FaultKind::kNegativeCost, nurse, opening);
        if (opening < 0 || opening >= market_.opening_count()) {
          Report(FaultKind::kUnknownOpening, nurse, opening);
        } else if (seen[opening] == nurse) {
          Report(FaultKind::kOpeningTwice, nurse, opening);
        } else {
          seen[opening] = nurse;
        }
      }
    }
  }

  void CheckOpenings() {
    for (int32_t opening = 0; opening < market_.opening_count(); ++opening) {
      if (market_.posts[opening] < 0) Report(FaultKind::kNegativePosts, -1, opening);
      if (problem_.weights[opening] < 0) Report(FaultKind::kNegativeWeight, -1, opening);
      const int32_t set = problem_.SetOf(opening);
      if (set < -1 || set >= problem_.set_count()) Report(FaultKind::kUnknownSet, -1, opening, set);
    }
  }

  const CoverageProblem& problem_;
  const market::Market& market_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Fault> CheckProblem(const CoverageProblem& problem) { return Checker(problem).Run(); }

Scale ScaleOf(const CoverageProblem& problem) {
  return {static_cast<int64_t>(UnitOf(problem)), static_cast<int64_t>(MostOf(problem)),
          static_cast<int64_t>(BeyondOf(problem))};
}

}  // namespace tsunagu::matching::coverage
