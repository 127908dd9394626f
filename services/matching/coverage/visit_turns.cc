#include "services/matching/coverage/visit_turns.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

namespace tsunagu::matching::coverage {
namespace {

// One best cover becomes another by circles of the flow through pairs that gain just what they cost, and from node to node
// where the levels are equal: no such circle changes what a cover is worth, and every other one makes it worse.
class Turns {
 public:
  Turns(const VisitProblem& problem, const VisitNodes& nodes, std::vector<int32_t> counts,
        const std::vector<int64_t>& levels)
      : problem_(problem),
        nodes_(nodes),
        levels_(levels),
        counts_(std::move(counts)),
        in_(nodes.CountsOf(counts_)),
        is_open_(counts_.size()),
        part_(in_.size(), 0),
        by_(in_.size()),
        reached_(in_.size(), -1) {
    const Scale scale = ScaleOf(problem);
    for (size_t pair = 0; pair < counts_.size(); ++pair) {
      const VisitPair& one = problem.pairs[pair];
      is_open_[pair] = GainOf(problem, scale, one) == levels[nodes.StartOf(one)] + levels[nodes.EndOf(one)];
    }
  }

  std::vector<int32_t> Run() && {
    for (int32_t pair = 0; pair < static_cast<int32_t>(counts_.size()); ++pair) {
      if (is_open_[pair]) Fill(pair);
    }
    return std::move(counts_);
  }

 private:
  // One more or one less of a pair, or between a node and what lies around it.
  struct Step {
    int32_t from = -1;
    int32_t pair = -1;   // or
    int32_t inner = -1;  // the node
    int32_t sign = 0;
  };

  // Its turn: the pair gets as many visits as others can make room for, and keeps them.
  void Fill(int32_t pair) {
    const int32_t start = nodes_.StartOf(problem_.pairs[pair]), end = nodes_.EndOf(problem_.pairs[pair]);
    is_open_[pair] = false;
    while (part_[start] == part_[end]) {
      if (!FindWay(end, start)) {
        SplitOff();
        return;
      }
      counts_[pair] += MoveAlong(end, start);
    }
  }

  // What cannot be left now cannot be left later: circles lie within what was reached or outside of it, and pairs that have
  // had their turn only close ways. So nothing is searched twice in vain.
  void SplitOff() {
    ++parts_;
    for (const int32_t node : queue_) part_[node] = parts_;
  }

  // Whether what comes into `from` can flow on to `to`.
  bool FindWay(int32_t from, int32_t to) {
    ++search_;
    queue_.clear();
    Reach(from, Step());
    for (size_t next = 0; next < queue_.size(); ++next) {
      if (reached_[to] == search_) return true;
      Spread(queue_[next]);
    }
    return reached_[to] == search_;
  }

  void Reach(int32_t node, const Step& by) {
    if (reached_[node] == search_) return;
    reached_[node] = search_;
    by_[node] = by;
    queue_.push_back(node);
  }

  void Spread(int32_t node) {
    if (node != nodes_.outside()) {
      TryStep(nodes_.Around(node), {node, -1, node, nodes_.IsOfSupply(node) ? -1 : 1});
    }
    for (const int32_t inner : nodes_.Within(node)) {
      TryStep(inner, {node, -1, inner, nodes_.IsOfSupply(inner) ? 1 : -1});
    }
    for (const int32_t pair : nodes_.PairsAt(node)) {
      if (!is_open_[pair]) continue;
      const VisitPair& one = problem_.pairs[pair];
      const bool forward = nodes_.IsOfSupply(node);
      TryStep(forward ? nodes_.EndOf(one) : nodes_.StartOf(one), {node, pair, -1, forward ? 1 : -1});
    }
  }

  void TryStep(int32_t to, const Step& step) {
    if (part_[to] != part_[step.from] || RoomOf(step) == 0) return;
    if (step.pair < 0 && levels_[to] != levels_[step.from]) return;
    Reach(to, step);
  }

  int32_t RoomOf(const Step& step) const {
    if (step.pair >= 0) return step.sign > 0 ? std::numeric_limits<int32_t>::max() : counts_[step.pair];
    return step.sign > 0 ? nodes_.LimitOf(step.inner) - in_[step.inner] : in_[step.inner] - nodes_.FloorOf(step.inner);
  }

  // Returns how many visits more that makes room for.
  int32_t MoveAlong(int32_t from, int32_t to) {
    int32_t room = std::numeric_limits<int32_t>::max();
    for (int32_t node = to; node != from; node = by_[node].from) room = std::min(room, RoomOf(by_[node]));
    for (int32_t node = to; node != from; node = by_[node].from) {
      const Step& step = by_[node];
      (step.pair >= 0 ? counts_[step.pair] : in_[step.inner]) += step.sign * room;
    }
    return room;
  }

  const VisitProblem& problem_;
  const VisitNodes& nodes_;
  const std::vector<int64_t>& levels_;
  std::vector<int32_t> counts_;  // by pair
  std::vector<int32_t> in_;      // by node
  std::vector<bool> is_open_;    // by pair: it gains what it costs, and has not had its turn
  std::vector<int32_t> part_;    // by node: no circle goes from one part to another
  int32_t parts_ = 0;
  std::vector<Step> by_;         // by node: the step to it
  std::vector<int32_t> reached_;  // by node: the last search that came to it
  int32_t search_ = -1;
  std::vector<int32_t> queue_;
};

}  // namespace

std::vector<int32_t> ChooseByPairs(const VisitProblem& problem, const VisitNodes& nodes, std::vector<int32_t> counts,
                                   const std::vector<int64_t>& levels) {
  return Turns(problem, nodes, std::move(counts), levels).Run();
}

}  // namespace tsunagu::matching::coverage
