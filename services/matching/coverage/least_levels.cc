#include "services/matching/coverage/least_levels.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <queue>
#include <utility>

namespace tsunagu::matching::coverage {
namespace {

// Every condition on the levels has the form level(b) >= level(a) + constant. So the least levels are the longest paths
// from the outside, whose level is 0. An engine's levels satisfy all conditions. Relative to them no step of a path is
// negative, so the path is found as a shortest path.
class LongestWays {
 public:
  LongestWays(const CoverageProblem& problem, const Standing& standing, const Found& found)
      : problem_(problem), scale_(ScaleOf(problem)), standing_(standing), levels_(LevelsOf(found)) {
    least_.assign(levels_.size(), 0);
    state_.assign(levels_.size(), State::kUnseen);
    GroupNurses(found.assigned);
  }

  std::vector<int64_t> Run() {
    Reach(standing_.outside(), 0);
    do {
      Spread();
    } while (EnterClosedSets());
    return std::move(least_);
  }

 private:
  enum class State : uint8_t { kUnseen, kSeen, kSettled };

  // Returns the levels by node. For a node without nurses an engine may leave a level below that of the node around it;
  // such a level has no effect there.
  std::vector<int64_t> LevelsOf(const Found& found) const {
    std::vector<int64_t> levels = found.opening_levels;
    levels.insert(levels.end(), found.set_levels.begin(), found.set_levels.end());
    levels.push_back(0);
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      const int32_t node = standing_.NodeOfSet(set);
      if (standing_.MayShrink(node)) levels[node] = std::max(levels[node], levels[standing_.Around(node)]);
    }
    for (int32_t opening = 0; opening < problem_.market.opening_count(); ++opening) {
      levels[opening] = std::max(levels[opening], levels[standing_.Around(opening)]);
    }
    return levels;
  }

  void GroupNurses(const market::Assigned& assigned) {
    begin_.assign(levels_.size() + 1, 0);
    for (const int32_t opening : assigned) ++begin_[static_cast<size_t>(standing_.NodeOfOpening(opening)) + 1];
    for (size_t node = 1; node < begin_.size(); ++node) begin_[node] += begin_[node - 1];
    nurses_.resize(assigned.size());
    std::vector<size_t> next(begin_.begin(), begin_.end() - 1);
    for (size_t nurse = 0; nurse < assigned.size(); ++nurse) {
      nurses_[next[standing_.NodeOfOpening(assigned[nurse])]++] = static_cast<int32_t>(nurse);
    }
  }

  void Reach(int32_t node, int64_t level) {
    if (state_[node] == State::kSettled || (state_[node] == State::kSeen && level <= least_[node])) return;
    state_[node] = State::kSeen;
    least_[node] = level;
    queue_.push({levels_[node] - level, node});
  }

  void Spread() {
    while (!queue_.empty()) {
      const auto [distance, node] = queue_.top();
      queue_.pop();
      if (state_[node] == State::kSettled) continue;
      state_[node] = State::kSettled;
      if (node != standing_.outside() && standing_.MayGrow(node)) Reach(standing_.Around(node), least_[node]);
      for (const int32_t inner : standing_.Within(node)) {
        if (standing_.MayShrink(inner)) Reach(inner, least_[node]);
      }
      for (size_t i = begin_[node]; i < begin_[node + 1]; ++i) SpreadBy(nurses_[i], node);
    }
  }

  // The nurse must not prefer anything to what she has at `node`.
  void SpreadBy(int32_t nurse, int32_t node) {
    const size_t begin = problem_.market.begin[nurse], end = problem_.market.begin[nurse + 1];
    int64_t has = 0;
    for (size_t i = begin; i < end; ++i) {
      if (problem_.market.choices[i].opening == node) has = GainOf(problem_, scale_, i);
    }
    const int64_t left = least_[node] - has;  // her net gain after paying the price, negated
    for (size_t i = begin; i < end; ++i) Reach(problem_.market.choices[i].opening, left + GainOf(problem_, scale_, i));
    Reach(standing_.outside(), left);
  }

  // Handles sets that are held by their floor and that no other nurse could enter: their level has no minimum. They get
  // a level far below that of the node around them.
  bool EnterClosedSets() {
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      const int32_t node = standing_.NodeOfSet(set), around = standing_.Around(node);
      if (state_[node] != State::kSettled && state_[around] == State::kSettled) {
        Reach(node, least_[around] - scale_.beyond_price);
      }
    }
    return !queue_.empty();
  }

  using Distance = std::pair<int64_t, int32_t>;

  const CoverageProblem& problem_;
  const Scale scale_;
  const Standing& standing_;
  const std::vector<int64_t> levels_;
  std::vector<int64_t> least_;
  std::vector<State> state_;
  std::vector<size_t> begin_;  // by node: index of its first nurse
  std::vector<int32_t> nurses_;
  std::priority_queue<Distance, std::vector<Distance>, std::greater<>> queue_;
};

}  // namespace

std::vector<int64_t> LeastLevels(const CoverageProblem& problem, const Standing& standing, const Found& found) {
  return LongestWays(problem, standing, found).Run();
}

}  // namespace tsunagu::matching::coverage
