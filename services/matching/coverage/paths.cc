#include "services/matching/coverage/paths.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace tsunagu::matching::coverage {
namespace {

// The market in the form that an engine needs, and the present openings of the nurses. `choice` counts through the
// choices of all nurses.
class Seats {
 public:
  explicit Seats(const CoverageProblem& problem) : problem_(problem), choice_(problem.market.nurse_count(), -1) {}

  size_t Begin(int32_t nurse) const { return problem_.market.begin[nurse]; }
  size_t End(int32_t nurse) const { return problem_.market.begin[nurse + 1]; }
  int32_t OpeningOf(size_t choice) const { return problem_.market.choices[choice].opening; }
  int64_t CostOf(size_t choice) const { return problem_.costs[choice]; }

  int32_t OpeningOfNurse(int32_t nurse) const { return choice_[nurse] < 0 ? -1 : OpeningOf(ChoiceOf(nurse)); }
  size_t ChoiceOf(int32_t nurse) const { return Begin(nurse) + static_cast<size_t>(choice_[nurse]); }
  int64_t CostOfNurse(int32_t nurse) const { return CostOf(ChoiceOf(nurse)); }

  void Stand(int32_t nurse) { choice_[nurse] = -1; }
  void Sit(int32_t nurse, int32_t opening) {
    int32_t& choice = choice_[nurse];
    for (choice = 0; OpeningOf(ChoiceOf(nurse)) != opening;) ++choice;
  }

 private:
  const CoverageProblem& problem_;
  std::vector<int32_t> choice_;  // by nurse: index of the choice that she has, -1 for none
};

// The present nurses of each opening.
class Crowds {
 public:
  Crowds(const CoverageProblem& problem, const Seats& seats) : seats_(seats), nurses_(problem.market.posts.size()) {}

  void Join(int32_t nurse, int32_t opening) { nurses_[opening].push_back(nurse); }
  void Leave(int32_t nurse, int32_t opening) {
    std::vector<int32_t>& there = nurses_[opening];
    *std::find(there.begin(), there.end(), nurse) = there.back();
    there.pop_back();
  }

  // Calls leave(cost, nurse) with the cost of removing a nurse of the opening, and move(other, cost, nurse) with the
  // cost of moving one to another opening; at least for the cheapest of each.
  template <typename Leaves, typename Moves>
  void ForEachStep(int32_t opening, Leaves leave, Moves move) {
    for (const int32_t nurse : nurses_[opening]) {
      const int64_t saved = seats_.CostOfNurse(nurse);
      leave(-saved, nurse);
      for (size_t i = seats_.Begin(nurse); i < seats_.End(nurse); ++i) {
        move(seats_.OpeningOf(i), seats_.CostOf(i) - saved, nurse);
      }
    }
  }

 private:
  const Seats& seats_;
  std::vector<std::vector<int32_t>> nurses_;
};

// The nurses of each opening in heaps: one heap by the cost of removing a nurse, and one for every other opening by the
// cost of moving her there. A nurse who has left is removed from a heap when she reaches its top.
class Queues {
 public:
  Queues(const CoverageProblem& problem, const Seats& seats) : seats_(seats), openings_(problem.market.posts.size()) {}

  void Join(int32_t nurse, int32_t opening) {
    Opening& here = openings_[opening];
    const int64_t saved = seats_.CostOfNurse(nurse);
    Push(here.leaving, {-saved, nurse});
    for (size_t i = seats_.Begin(nurse); i < seats_.End(nurse); ++i) {
      const int32_t other = seats_.OpeningOf(i);
      if (other != opening) Push(here.moving[here.IndexOf(other)], {seats_.CostOf(i) - saved, nurse});
    }
  }
  void Leave(int32_t nurse, int32_t opening) {}

  template <typename Leaves, typename Moves>
  void ForEachStep(int32_t opening, Leaves leave, Moves move) {
    Opening& here = openings_[opening];
    if (Clean(here.leaving, opening)) leave(here.leaving.front().cost, here.leaving.front().nurse);
    for (size_t i = 0; i < here.others.size(); ++i) {
      if (Clean(here.moving[i], opening))
        move(here.others[i], here.moving[i].front().cost, here.moving[i].front().nurse);
    }
  }

 private:
  struct Entry {
    int64_t cost = 0;
    int32_t nurse = -1;
    bool operator>(const Entry& other) const { return cost > other.cost; }
  };
  using Heap = std::vector<Entry>;

  struct Opening {
    std::vector<int32_t> others;
    std::vector<Heap> moving;  // by others
    Heap leaving;

    size_t IndexOf(int32_t other) {
      const size_t index = static_cast<size_t>(std::find(others.begin(), others.end(), other) - others.begin());
      if (index == others.size()) {
        others.push_back(other);
        moving.emplace_back();
      }
      return index;
    }
  };

  static void Push(Heap& heap, Entry entry) {
    heap.push_back(entry);
    std::push_heap(heap.begin(), heap.end(), std::greater<>());
  }

  // Returns whether the heap has a nurse left.
  bool Clean(Heap& heap, int32_t opening) const {
    while (!heap.empty() && seats_.OpeningOfNurse(heap.front().nurse) != opening) {
      std::pop_heap(heap.begin(), heap.end(), std::greater<>());
      heap.pop_back();
    }
    return !heap.empty();
  }

  const Seats& seats_;
  std::vector<Opening> openings_;
};

template <typename Members>
class Paths {
 public:
  explicit Paths(const CoverageProblem& problem)
      : problem_(problem), seats_(problem), members_(problem, seats_), openings_(problem.market.posts.size()) {
    const Scale scale = ScaleOf(problem);
    for (int32_t opening = 0; opening < problem.market.opening_count(); ++opening) {
      openings_[opening].toll = -WorthOf(problem, scale, opening);
      openings_[opening].room = problem.market.posts[opening];
    }
  }

  Found Run() {
    for (int32_t nurse = 0; nurse < problem_.market.nurse_count(); ++nurse) {
      Search(nurse);
      Move(nurse);
      for (const int32_t opening : settled_) openings_[opening].toll += end_.distance - openings_[opening].distance;
    }
    return Take();
  }

 private:
  // The toll of an opening is its price minus the gain of a covered post there. Toll plus cost is what a nurse loses by
  // being there. A nurse without an opening loses nothing.
  struct Opening {
    int64_t toll = 0;
    int64_t distance = 0;
    int32_t reached = -1;  // the last nurse whose search reached this opening
    int32_t done = -1;     // the last nurse whose search had found the shortest path to it
    int32_t by = -1;       // the nurse who would move there
    int32_t room = 0;
  };
  // The end of a chain of moves: an opening with room, or a nurse who has no opening any more.
  struct End {
    int64_t distance = 0;
    int32_t opening = -1;
    int32_t nurse = -1;
  };
  struct Candidate {
    int64_t distance = 0;
    int32_t opening = -1;
    bool operator>(const Candidate& other) const { return distance > other.distance; }
  };

  void Reach(int32_t opening, int64_t distance, int32_t by) {
    Opening& there = openings_[opening];
    if (there.done == search_ || (there.reached == search_ && distance >= there.distance)) return;
    there.reached = search_;
    there.distance = distance;
    there.by = by;
    queue_.push_back({distance, opening});
    std::push_heap(queue_.begin(), queue_.end(), std::greater<>());
  }

  // Finds the cheapest chain of moves that the nurse causes, by shortest paths from her (Dijkstra).
  void Search(int32_t nurse) {
    search_ = nurse;
    end_ = {0, -1, nurse};
    queue_.clear();
    settled_.clear();
    for (size_t i = seats_.Begin(nurse); i < seats_.End(nurse); ++i)
      Offer(seats_.OpeningOf(i), seats_.CostOf(i), nurse);
    while (!queue_.empty()) {
      std::pop_heap(queue_.begin(), queue_.end(), std::greater<>());
      const Candidate next = queue_.back();
      queue_.pop_back();
      Opening& here = openings_[next.opening];
      if (here.done == search_) continue;
      if (next.distance >= end_.distance) return;
      if (here.room > 0) {
        end_ = {next.distance, next.opening, -1};
        return;
      }
      here.done = search_;
      settled_.push_back(next.opening);
      Pass(next.opening, next.distance - here.toll);
    }
  }

  // Ignores a path that is not better than the best end so far.
  void Offer(int32_t opening, int64_t cost, int32_t nurse) {
    const int64_t distance = cost + openings_[opening].toll;
    if (distance < end_.distance) Reach(opening, distance, nurse);
  }

  void Pass(int32_t opening, int64_t start) {
    members_.ForEachStep(
        opening,
        [&](int64_t cost, int32_t nurse) {
          if (start + cost < end_.distance) end_ = {start + cost, -1, nurse};
        },
        [&](int32_t other, int64_t cost, int32_t nurse) { Offer(other, start + cost, nurse); });
  }

  // Follows the chain backwards, from its end to the new nurse.
  void Move(int32_t first) {
    int32_t opening = end_.opening, nurse = opening < 0 ? end_.nurse : openings_[opening].by;
    if (opening >= 0) --openings_[opening].room;
    for (;;) {
      const int32_t from = seats_.OpeningOfNurse(nurse);
      if (from >= 0) members_.Leave(nurse, from);
      if (opening < 0) {
        seats_.Stand(nurse);
      } else {
        seats_.Sit(nurse, opening);
        members_.Join(nurse, opening);
      }
      if (nurse == first) return;
      opening = from;
      nurse = openings_[from].by;
    }
  }

  Found Take() const {
    const Scale scale = ScaleOf(problem_);
    Found found;
    for (int32_t nurse = 0; nurse < problem_.market.nurse_count(); ++nurse) {
      found.assigned.push_back(seats_.OpeningOfNurse(nurse));
    }
    for (int32_t opening = 0; opening < problem_.market.opening_count(); ++opening) {
      found.opening_levels.push_back(openings_[opening].toll + WorthOf(problem_, scale, opening));
    }
    return found;
  }

  const CoverageProblem& problem_;
  Seats seats_;
  Members members_;
  std::vector<Opening> openings_;
  int32_t search_ = -1;
  End end_;
  std::vector<Candidate> queue_;
  std::vector<int32_t> settled_;
};

}  // namespace

Found FindByNurses(const CoverageProblem& problem) { return Paths<Crowds>(problem).Run(); }

Found FindByPairs(const CoverageProblem& problem) { return Paths<Queues>(problem).Run(); }

}  // namespace tsunagu::matching::coverage
