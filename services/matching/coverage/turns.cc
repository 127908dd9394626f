#include "services/matching/coverage/turns.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace tsunagu::matching::coverage {
namespace {

// An assignment is best if and only if every nurse has a best option at these levels and everything with a price is
// used up. So one best assignment can be converted to another by nurses who move in a circle between equally good
// options, through openings and sets that can gain or lose one nurse.
class Turns {
 public:
  Turns(const CoverageProblem& problem, market::Assigned assigned, Standing standing,
        const std::vector<int64_t>& levels)
      : problem_(problem),
        assigned_(std::move(assigned)),
        standing_(std::move(standing)),
        levels_(levels),
        movable_(levels.size()),
        slot_(assigned_.size(), -1),
        forward_(levels.size()),
        backward_(levels.size()) {
    CollectOptions();
    CollectWanters();
  }

  market::Assigned Run() {
    for (int32_t nurse = 0; nurse < problem_.market.nurse_count(); ++nurse) {
      if (HasChoice(nurse)) Choose(nurse);
    }
    return std::move(assigned_);
  }

 private:
  // A nurse who moves from one node to another; -1 if only counts change.
  struct Step {
    int32_t nurse = -1;
    int32_t from = -1;
    int32_t to = -1;
  };
  // The nodes that a search from one end has reached, and the steps to them.
  struct Side {
    explicit Side(size_t nodes) : reached(nodes, -1), by(nodes) {}
    std::vector<int32_t> reached;  // by node: the last turn in which it was reached
    std::vector<Step> by;          // by node: the step to it, or from it
    std::vector<int32_t> queue;
    size_t next = 0;  // in the queue
    bool Exhausted() const { return next == queue.size(); }
    void Start() {
      queue.clear();
      next = 0;
    }
  };

  bool HasChoice(int32_t nurse) const { return begin_[nurse + 1] > begin_[nurse] + 1; }

  // Collects the best options of each nurse at these levels, in her order, the outside last. A nurse with only one
  // option never moves.
  void CollectOptions() {
    const Scale scale = ScaleOf(problem_);
    begin_ = {0};
    for (int32_t nurse = 0; nurse < problem_.market.nurse_count(); ++nurse) {
      const size_t begin = problem_.market.begin[nurse], end = problem_.market.begin[nurse + 1];
      int64_t best = 0;
      const auto surplus = [&](size_t i) {
        return GainOf(problem_, scale, i) - levels_[problem_.market.choices[i].opening];
      };
      for (size_t i = begin; i < end; ++i) best = std::max(best, surplus(i));
      for (size_t i = begin; i < end; ++i) {
        if (surplus(i) == best) options_.push_back(problem_.market.choices[i].opening);
      }
      if (best == 0) options_.push_back(standing_.outside());
      begin_.push_back(options_.size());
      if (HasChoice(nurse)) Enter(nurse, standing_.NodeOfOpening(assigned_[nurse]));
    }
  }

  // Collects, by node, the nurses with several options for whom the node is an option.
  void CollectWanters() {
    wanters_.resize(levels_.size());
    for (int32_t nurse = 0; nurse < problem_.market.nurse_count(); ++nurse) {
      if (!HasChoice(nurse)) continue;
      for (size_t i = begin_[nurse]; i < begin_[nurse + 1]; ++i) wanters_[options_[i]].push_back(nurse);
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
    const int32_t has = standing_.NodeOfOpening(assigned_[nurse]);
    Leave(nurse, has);
    slot_[nurse] = -1;
    ++turn_;
    backward_.Start();
    Reach(backward_, has, Step());
    for (size_t i = begin_[nurse]; options_[i] != has; ++i) {
      if (!FindWay(options_[i])) continue;
      MoveAlong(options_[i], has);
      Assign(nurse, options_[i]);
      return;
    }
  }

  // Returns whether one nurse too many at `start` can be passed on, from node to node, until she fills the gap that the
  // nurse whose turn it is would leave. Searches from both ends; the search from the gap is shared by all of her
  // options, so the two soon meet. A node that was reached from an earlier option does not lead there. Stores the
  // meeting node in meeting_.
  bool FindWay(int32_t start) {
    forward_.Start();
    meeting_ = -1;
    if (forward_.reached[start] == turn_) return false;
    Reach(forward_, start, Step());
    while (meeting_ < 0 && !forward_.Exhausted() && !backward_.Exhausted()) {
      if (forward_.queue.size() - forward_.next <= backward_.queue.size() - backward_.next) {
        SpreadForward(forward_.queue[forward_.next++]);
      } else {
        SpreadBackward(backward_.queue[backward_.next++]);
      }
    }
    return meeting_ >= 0;
  }

  void Reach(Side& side, int32_t node, Step by) {
    if (side.reached[node] == turn_) return;
    side.reached[node] = turn_;
    side.by[node] = by;
    side.queue.push_back(node);
    if (forward_.reached[node] == turn_ && backward_.reached[node] == turn_) meeting_ = node;
  }

  // Returns whether the node around the opening or set can count one more nurse when the node does, and the reverse.
  bool LeadsOut(int32_t node) const {
    return node != standing_.outside() && standing_.MayGrow(node) && LevelsEqual(node, standing_.Around(node));
  }
  bool LeadsIn(int32_t node) const {
    return node != standing_.outside() && standing_.MayShrink(node) && LevelsEqual(node, standing_.Around(node));
  }
  bool LevelsEqual(int32_t a, int32_t b) const { return levels_[a] == levels_[b]; }

  void SpreadForward(int32_t node) {
    if (LeadsOut(node)) Reach(forward_, standing_.Around(node), {-1, node, standing_.Around(node)});
    for (const int32_t inner : standing_.Within(node)) {
      if (LeadsIn(inner)) Reach(forward_, inner, {-1, node, inner});
    }
    for (const int32_t nurse : movable_[node]) {
      for (size_t i = begin_[nurse]; i < begin_[nurse + 1]; ++i) {
        Reach(forward_, options_[i], {nurse, node, options_[i]});
      }
    }
  }

  void SpreadBackward(int32_t node) {
    if (LeadsIn(node)) Reach(backward_, standing_.Around(node), {-1, standing_.Around(node), node});
    for (const int32_t inner : standing_.Within(node)) {
      if (LeadsOut(inner)) Reach(backward_, inner, {-1, inner, node});
    }
    for (const int32_t nurse : wanters_[node]) {
      if (slot_[nurse] < 0) continue;  // she has had her turn
      const int32_t from = standing_.NodeOfOpening(assigned_[nurse]);
      Reach(backward_, from, {nurse, from, node});
    }
  }

  void MoveAlong(int32_t start, int32_t end) {
    for (int32_t node = meeting_; node != start; node = forward_.by[node].from) Take(forward_.by[node]);
    for (int32_t node = meeting_; node != end; node = backward_.by[node].to) Take(backward_.by[node]);
  }

  void Take(const Step& step) {
    if (step.nurse < 0) return;
    Leave(step.nurse, step.from);
    Assign(step.nurse, step.to);
    Enter(step.nurse, step.to);
  }

  void Assign(int32_t nurse, int32_t node) {
    const int32_t opening = node == standing_.outside() ? -1 : node;
    standing_.Move(assigned_[nurse], opening);
    assigned_[nurse] = opening;
  }

  const CoverageProblem& problem_;
  market::Assigned assigned_;
  Standing standing_;
  const std::vector<int64_t>& levels_;
  std::vector<size_t> begin_;  // by nurse, plus one: index of her first option
  std::vector<int32_t> options_;
  std::vector<std::vector<int32_t>> movable_;  // by node: nurses there who have several options and have not had their
                                               // turn
  std::vector<int32_t> slot_;                  // by nurse: her index in that list; -1: in none
  std::vector<std::vector<int32_t>> wanters_;  // by node: nurses with several options for whom it is an option
  int32_t turn_ = 0;
  Side forward_, backward_;
  int32_t meeting_ = -1;
};

}  // namespace

market::Assigned ChooseByTurns(const CoverageProblem& problem, market::Assigned assigned, Standing standing,
                               const std::vector<int64_t>& levels) {
  return Turns(problem, std::move(assigned), std::move(standing), levels).Run();
}

}  // namespace tsunagu::matching::coverage
