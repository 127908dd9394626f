#include "services/matching/coverage/visit_turns.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

namespace tsunagu::matching::coverage {
namespace {

// One best cover can be converted to another by circles of the flow through pairs whose gain equals their price, and
// between nodes with equal levels: no such circle changes the value of a cover, and every other circle makes it worse.
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
        onwards_(in_.size()),
        back_(in_.size()) {
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
  // One visit more or less of a pair, or between a node and the node around it. `from` is nearer to where the search
  // began.
  struct Step {
    int32_t from = -1;
    int32_t pair = -1;   // either the pair
    int32_t inner = -1;  // or the inner node
    int32_t sign = 0;
  };
  // The nodes that a search from one end has reached, and the steps to them.
  struct Side {
    explicit Side(size_t nodes) : by(nodes), reached(nodes, -1) {}
    std::vector<Step> by;          // by node: the step to it
    std::vector<int32_t> reached;  // by node: the last search that reached it
    std::vector<int32_t> queue;
    size_t next = 0;  // in the queue
    bool IsExhausted() const { return next == queue.size(); }
    size_t waiting() const { return queue.size() - next; }
  };

  // The pair's turn: it gets as many visits as others can make room for, and keeps them.
  void Fill(int32_t pair) {
    const int32_t start = nodes_.StartOf(problem_.pairs[pair]), end = nodes_.EndOf(problem_.pairs[pair]);
    is_open_[pair] = false;
    while (part_[start] == part_[end]) {
      if (!FindWay(end, start)) {
        SplitOff(onwards_.IsExhausted() ? onwards_ : back_);
        return;
      }
      counts_[pair] += MoveAlong();
    }
  }

  // A node that cannot be left, or entered, now cannot be later: circles are either within the reached nodes or outside
  // of them, and pairs that have had their turn only close paths. So no search is repeated in vain.
  void SplitOff(const Side& side) {
    ++parts_;
    for (const int32_t node : side.queue) part_[node] = parts_;
  }

  // Returns whether the flow into `from` can go on to `to`. Searches from both ends, so that it stops when either end
  // is closed. Stores the meeting node in meeting_.
  bool FindWay(int32_t from, int32_t to) {
    ++search_;
    meeting_ = -1;
    for (Side* side : {&onwards_, &back_}) {
      side->queue.clear();
      side->next = 0;
    }
    Reach(onwards_, from, Step());
    Reach(back_, to, Step());
    while (meeting_ < 0 && !onwards_.IsExhausted() && !back_.IsExhausted()) {
      Spread(onwards_.waiting() <= back_.waiting() ? onwards_ : back_);
    }
    return meeting_ >= 0;
  }

  void Reach(Side& side, int32_t node, const Step& by) {
    if (side.reached[node] == search_) return;
    side.reached[node] = search_;
    side.by[node] = by;
    side.queue.push_back(node);
    if (onwards_.reached[node] == search_ && back_.reached[node] == search_) meeting_ = node;
  }

  void Spread(Side& side) {
    const int32_t node = side.queue[side.next++];
    if (node != nodes_.outside()) TryStep(side, node, nodes_.Around(node), -1, node, !nodes_.IsOfSupply(node));
    for (const int32_t inner : nodes_.Within(node)) TryStep(side, node, inner, -1, inner, nodes_.IsOfSupply(inner));
    for (const int32_t pair : nodes_.PairsAt(node)) {
      if (!is_open_[pair]) continue;
      const VisitPair& one = problem_.pairs[pair];
      const bool is_start = nodes_.IsOfSupply(node);
      TryStep(side, node, is_start ? nodes_.EndOf(one) : nodes_.StartOf(one), pair, -1, is_start);
    }
  }

  // `is_along`: the flow of the pair, or of the inner node, goes from `node` to `other`.
  void TryStep(Side& side, int32_t node, int32_t other, int32_t pair, int32_t inner, bool is_along) {
    if (part_[other] != part_[node] || (pair < 0 && levels_[other] != levels_[node])) return;
    const bool is_onwards = &side == &onwards_;
    const Step step = {node, pair, inner, is_along == is_onwards ? 1 : -1};
    if (RoomOf(step) > 0) Reach(side, other, step);
  }

  int32_t RoomOf(const Step& step) const {
    if (step.pair >= 0) return step.sign > 0 ? std::numeric_limits<int32_t>::max() : counts_[step.pair];
    return step.sign > 0 ? nodes_.LimitOf(step.inner) - in_[step.inner] : in_[step.inner] - nodes_.FloorOf(step.inner);
  }

  // Returns how many more visits that makes room for.
  int32_t MoveAlong() {
    int32_t room = std::numeric_limits<int32_t>::max();
    ForEachStep([&](const Step& step) { room = std::min(room, RoomOf(step)); });
    ForEachStep([&](const Step& step) { (step.pair >= 0 ? counts_[step.pair] : in_[step.inner]) += step.sign * room; });
    return room;
  }

  template <typename Do>
  void ForEachStep(Do act) const {
    for (const Side* side : {&onwards_, &back_}) {
      for (int32_t node = meeting_; side->by[node].from >= 0; node = side->by[node].from) act(side->by[node]);
    }
  }

  const VisitProblem& problem_;
  const VisitNodes& nodes_;
  const std::vector<int64_t>& levels_;
  std::vector<int32_t> counts_;  // by pair
  std::vector<int32_t> in_;      // by node
  std::vector<bool> is_open_;    // by pair: its gain equals its price, and it has not had its turn
  std::vector<int32_t> part_;    // by node: no circle goes from one part to another
  int32_t parts_ = 0;
  Side onwards_, back_;
  int32_t search_ = -1;
  int32_t meeting_ = -1;
};

}  // namespace

std::vector<int32_t> ChooseByPairs(const VisitProblem& problem, const VisitNodes& nodes, std::vector<int32_t> counts,
                                   const std::vector<int64_t>& levels) {
  return Turns(problem, nodes, std::move(counts), levels).Run();
}

}  // namespace tsunagu::matching::coverage
