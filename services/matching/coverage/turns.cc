#include "services/matching/coverage/turns.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace tsunagu::matching::coverage {
namespace {

// An assignment is best just where everybody has what suits her best at these levels and nothing that has a price is left
// over. So one best assignment becomes another by nurses going round in a circle between options that suit them equally
// well, through places and sets that may have one more or one less.
class Turns {
 public:
  Turns(const CoverageProblem& problem, market::Assigned assigned, Standing standing, const std::vector<int64_t>& levels)
      : problem_(problem),
        assigned_(std::move(assigned)),
        standing_(std::move(standing)),
        levels_(levels),
        movable_(levels.size()),
        slot_(assigned_.size(), -1),
        reached_(levels.size(), -1),
        by_(levels.size()) {
    CollectOptions();
  }

  market::Assigned Run() {
    std::vector<int32_t> turn(assigned_.size());
    for (size_t nurse = 0; nurse < turn.size(); ++nurse) turn[problem_.market.lots[nurse]] = static_cast<int32_t>(nurse);
    for (const int32_t nurse : turn) {
      if (HasChoice(nurse)) Choose(nurse);
    }
    return std::move(assigned_);
  }

 private:
  // How a search came to a node: from another one, by a nurse who moves, or -1 where only numbers move.
  struct Step {
    int32_t from = -1;
    int32_t nurse = -1;
  };

  bool HasChoice(int32_t nurse) const { return begin_[nurse + 1] > begin_[nurse] + 1; }

  // What suits each nurse best at these levels, in her order, the outside last. Whoever has only one such thing never moves.
  void CollectOptions() {
    const Scale scale = ScaleOf(problem_);
    begin_ = {0};
    for (int32_t nurse = 0; nurse < problem_.market.nurse_count(); ++nurse) {
      const size_t begin = problem_.market.begin[nurse], end = problem_.market.begin[nurse + 1];
      int64_t best = 0;
      const auto surplus = [&](size_t i) { return GainOf(problem_, scale, i) - levels_[problem_.market.choices[i].place]; };
      for (size_t i = begin; i < end; ++i) best = std::max(best, surplus(i));
      for (size_t i = begin; i < end; ++i) {
        if (surplus(i) == best) options_.push_back(problem_.market.choices[i].place);
      }
      if (best == 0) options_.push_back(standing_.outside());
      begin_.push_back(options_.size());
      if (HasChoice(nurse)) Enter(nurse, standing_.NodeOfPlace(assigned_[nurse]));
    }
  }

  void Enter(int32_t nurse, int32_t node) {
    slot_[nurse] = static_cast<int32_t>(movable_[node].size());
    movable_[node].push_back(nurse);
  }

  void Leave(int32_t nurse, int32_t node) {
    std::vector<int32_t>& there = movable_[node];
    there[slot_[nurse]] = there.back();
    slot_[there.back()] = slot_[nurse];
    there.pop_back();
  }

  // Her turn: she takes the first option for which others can make room, and keeps it.
  void Choose(int32_t nurse) {
    const int32_t has = standing_.NodeOfPlace(assigned_[nurse]);
    Leave(nurse, has);
    ++turn_;
    for (size_t i = begin_[nurse]; options_[i] != has; ++i) {
      if (!FindWay(options_[i], has)) continue;
      MoveAlong(options_[i], has);
      Assign(nurse, options_[i]);
      return;
    }
  }

  // Whether one nurse too many at `start` can be passed on, from node to node, until she fills the gap at `end`. What an
  // earlier search of the same turn has reached does not lead there.
  bool FindWay(int32_t start, int32_t end) {
    if (reached_[start] == turn_) return false;
    queue_.clear();
    Reach(start, -1, -1);
    for (size_t next = 0; next < queue_.size() && reached_[end] != turn_; ++next) Spread(queue_[next]);
    return reached_[end] == turn_;
  }

  void Reach(int32_t node, int32_t from, int32_t nurse) {
    if (reached_[node] == turn_) return;
    reached_[node] = turn_;
    by_[node] = {from, nurse};
    queue_.push_back(node);
  }

  void Spread(int32_t node) {
    if (node != standing_.outside() && standing_.MayGrow(node) && LevelsEqual(node, standing_.Around(node))) {
      Reach(standing_.Around(node), node, -1);
    }
    for (const int32_t inner : standing_.Within(node)) {
      if (standing_.MayShrink(inner) && LevelsEqual(node, inner)) Reach(inner, node, -1);
    }
    for (const int32_t nurse : movable_[node]) {
      for (size_t i = begin_[nurse]; i < begin_[nurse + 1]; ++i) Reach(options_[i], node, nurse);
    }
  }

  bool LevelsEqual(int32_t a, int32_t b) const { return levels_[a] == levels_[b]; }

  void MoveAlong(int32_t start, int32_t end) {
    for (int32_t node = end; node != start;) {
      const Step step = by_[node];
      if (step.nurse >= 0) {
        Leave(step.nurse, step.from);
        Assign(step.nurse, node);
        Enter(step.nurse, node);
      }
      node = step.from;
    }
  }

  void Assign(int32_t nurse, int32_t node) {
    const int32_t place = node == standing_.outside() ? -1 : node;
    standing_.Move(assigned_[nurse], place);
    assigned_[nurse] = place;
  }

  const CoverageProblem& problem_;
  market::Assigned assigned_;
  Standing standing_;
  const std::vector<int64_t>& levels_;
  std::vector<size_t> begin_;  // by nurse, and one more: where her options begin
  std::vector<int32_t> options_;
  std::vector<std::vector<int32_t>> movable_;  // by node: nurses there who have a choice and have not had their turn
  std::vector<int32_t> slot_;                  // by nurse: where she is in that list
  int32_t turn_ = 0;
  std::vector<int32_t> reached_;  // by node: the last turn whose search came there
  std::vector<Step> by_;          // by node: how it did
  std::vector<int32_t> queue_;
};

}  // namespace

market::Assigned ChooseByTurns(const CoverageProblem& problem, market::Assigned assigned, Standing standing,
                               const std::vector<int64_t>& levels) {
  return Turns(problem, std::move(assigned), std::move(standing), levels).Run();
}

}  // namespace tsunagu::matching::coverage
