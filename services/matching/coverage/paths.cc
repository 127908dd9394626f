#include "services/matching/coverage/paths.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace tsunagu::matching::coverage {
namespace {

// The market in the form that an engine needs, and the present places of the nurses. `choice` counts through the
// choices of all nurses.
class Seats {
 public:
  explicit Seats(const CoverageProblem& problem) : problem_(problem), choice_(problem.market.nurse_count(), -1) {}

  size_t Begin(int32_t nurse) const { return problem_.market.begin[nurse]; }
  size_t End(int32_t nurse) const { return problem_.market.begin[nurse + 1]; }
  int32_t PlaceOf(size_t choice) const { return problem_.market.choices[choice].place; }
  int64_t CostOf(size_t choice) const { return problem_.costs[choice]; }

  int32_t PlaceOfNurse(int32_t nurse) const { return choice_[nurse] < 0 ? -1 : PlaceOf(ChoiceOf(nurse)); }
  size_t ChoiceOf(int32_t nurse) const { return Begin(nurse) + static_cast<size_t>(choice_[nurse]); }
  int64_t CostOfNurse(int32_t nurse) const { return CostOf(ChoiceOf(nurse)); }

  void Stand(int32_t nurse) { choice_[nurse] = -1; }
  void Sit(int32_t nurse, int32_t place) {
    int32_t& choice = choice_[nurse];
    for (choice = 0; PlaceOf(ChoiceOf(nurse)) != place;) ++choice;
  }

 private:
  const CoverageProblem& problem_;
  std::vector<int32_t> choice_;  // by nurse: index of the choice that she has, -1 for none
};

// The present nurses of each place.
class Crowds {
 public:
  Crowds(const CoverageProblem& problem, const Seats& seats) : seats_(seats), nurses_(problem.market.posts.size()) {}

  void Join(int32_t nurse, int32_t place) { nurses_[place].push_back(nurse); }
  void Leave(int32_t nurse, int32_t place) {
    std::vector<int32_t>& there = nurses_[place];
    *std::find(there.begin(), there.end(), nurse) = there.back();
    there.pop_back();
  }

  // Calls leave(cost, nurse) with the cost of removing a nurse of the place, and move(other, cost, nurse) with the cost
  // of moving one to another place; at least for the cheapest of each.
  template <typename Leaves, typename Moves>
  void ForEachStep(int32_t place, Leaves leave, Moves move) {
    for (const int32_t nurse : nurses_[place]) {
      const int64_t saved = seats_.CostOfNurse(nurse);
      leave(-saved, nurse);
      for (size_t i = seats_.Begin(nurse); i < seats_.End(nurse); ++i) {
        move(seats_.PlaceOf(i), seats_.CostOf(i) - saved, nurse);
      }
    }
  }

 private:
  const Seats& seats_;
  std::vector<std::vector<int32_t>> nurses_;
};

// The nurses of each place in heaps: one heap by the cost of removing a nurse, and one for every other place by the
// cost of moving her there. A nurse who has left is removed from a heap when she reaches its top.
class Queues {
 public:
  Queues(const CoverageProblem& problem, const Seats& seats) : seats_(seats), places_(problem.market.posts.size()) {}

  void Join(int32_t nurse, int32_t place) {
    Place& here = places_[place];
    const int64_t saved = seats_.CostOfNurse(nurse);
    Push(here.leaving, {-saved, nurse});
    for (size_t i = seats_.Begin(nurse); i < seats_.End(nurse); ++i) {
      const int32_t other = seats_.PlaceOf(i);
      if (other != place) Push(here.moving[here.IndexOf(other)], {seats_.CostOf(i) - saved, nurse});
    }
  }
  void Leave(int32_t nurse, int32_t place) {}

  template <typename Leaves, typename Moves>
  void ForEachStep(int32_t place, Leaves leave, Moves move) {
    Place& here = places_[place];
    if (Clean(here.leaving, place)) leave(here.leaving.front().cost, here.leaving.front().nurse);
    for (size_t i = 0; i < here.others.size(); ++i) {
      if (Clean(here.moving[i], place)) move(here.others[i], here.moving[i].front().cost, here.moving[i].front().nurse);
    }
  }

 private:
  struct Entry {
    int64_t cost = 0;
    int32_t nurse = -1;
    bool operator>(const Entry& other) const { return cost > other.cost; }
  };
  using Heap = std::vector<Entry>;

  struct Place {
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
  bool Clean(Heap& heap, int32_t place) const {
    while (!heap.empty() && seats_.PlaceOfNurse(heap.front().nurse) != place) {
      std::pop_heap(heap.begin(), heap.end(), std::greater<>());
      heap.pop_back();
    }
    return !heap.empty();
  }

  const Seats& seats_;
  std::vector<Place> places_;
};

template <typename Members>
class Paths {
 public:
  explicit Paths(const CoverageProblem& problem)
      : problem_(problem), seats_(problem), members_(problem, seats_), places_(problem.market.posts.size()) {
    const Scale scale = ScaleOf(problem);
    for (int32_t place = 0; place < problem.market.place_count(); ++place) {
      places_[place].toll = -WorthOf(problem, scale, place);
      places_[place].room = problem.market.posts[place];
    }
  }

  Found Run() {
    for (int32_t nurse = 0; nurse < problem_.market.nurse_count(); ++nurse) {
      Search(nurse);
      Move(nurse);
      for (const int32_t place : settled_) places_[place].toll += end_.distance - places_[place].distance;
    }
    return Take();
  }

 private:
  // The toll of a place is its price minus the gain of a covered post there. Toll plus cost is what a nurse loses by
  // being there. A nurse without a place loses nothing.
  struct Place {
    int64_t toll = 0;
    int64_t distance = 0;
    int32_t reached = -1;  // the last nurse whose search reached this place
    int32_t done = -1;     // the last nurse whose search had found the shortest path to it
    int32_t by = -1;       // the nurse who would move there
    int32_t room = 0;
  };
  // The end of a chain of moves: a place with room, or a nurse who has no place any more.
  struct End {
    int64_t distance = 0;
    int32_t place = -1;
    int32_t nurse = -1;
  };
  struct Candidate {
    int64_t distance = 0;
    int32_t place = -1;
    bool operator>(const Candidate& other) const { return distance > other.distance; }
  };

  void Reach(int32_t place, int64_t distance, int32_t by) {
    Place& there = places_[place];
    if (there.done == search_ || (there.reached == search_ && distance >= there.distance)) return;
    there.reached = search_;
    there.distance = distance;
    there.by = by;
    queue_.push_back({distance, place});
    std::push_heap(queue_.begin(), queue_.end(), std::greater<>());
  }

  // Finds the cheapest chain of moves that the nurse causes, by shortest paths from her (Dijkstra).
  void Search(int32_t nurse) {
    search_ = nurse;
    end_ = {0, -1, nurse};
    queue_.clear();
    settled_.clear();
    for (size_t i = seats_.Begin(nurse); i < seats_.End(nurse); ++i) Offer(seats_.PlaceOf(i), seats_.CostOf(i), nurse);
    while (!queue_.empty()) {
      std::pop_heap(queue_.begin(), queue_.end(), std::greater<>());
      const Candidate next = queue_.back();
      queue_.pop_back();
      Place& here = places_[next.place];
      if (here.done == search_) continue;
      if (next.distance >= end_.distance) return;
      if (here.room > 0) {
        end_ = {next.distance, next.place, -1};
        return;
      }
      here.done = search_;
      settled_.push_back(next.place);
      Pass(next.place, next.distance - here.toll);
    }
  }

  // Ignores a path that is not better than the best end so far.
  void Offer(int32_t place, int64_t cost, int32_t nurse) {
    const int64_t distance = cost + places_[place].toll;
    if (distance < end_.distance) Reach(place, distance, nurse);
  }

  void Pass(int32_t place, int64_t start) {
    members_.ForEachStep(
        place,
        [&](int64_t cost, int32_t nurse) {
          if (start + cost < end_.distance) end_ = {start + cost, -1, nurse};
        },
        [&](int32_t other, int64_t cost, int32_t nurse) { Offer(other, start + cost, nurse); });
  }

  // Follows the chain backwards, from its end to the new nurse.
  void Move(int32_t first) {
    int32_t place = end_.place, nurse = place < 0 ? end_.nurse : places_[place].by;
    if (place >= 0) --places_[place].room;
    for (;;) {
      const int32_t from = seats_.PlaceOfNurse(nurse);
      if (from >= 0) members_.Leave(nurse, from);
      if (place < 0) {
        seats_.Stand(nurse);
      } else {
        seats_.Sit(nurse, place);
        members_.Join(nurse, place);
      }
      if (nurse == first) return;
      place = from;
      nurse = places_[from].by;
    }
  }

  Found Take() const {
    const Scale scale = ScaleOf(problem_);
    Found found;
    for (int32_t nurse = 0; nurse < problem_.market.nurse_count(); ++nurse) {
      found.assigned.push_back(seats_.PlaceOfNurse(nurse));
    }
    for (int32_t place = 0; place < problem_.market.place_count(); ++place) {
      found.place_levels.push_back(places_[place].toll + WorthOf(problem_, scale, place));
    }
    return found;
  }

  const CoverageProblem& problem_;
  Seats seats_;
  Members members_;
  std::vector<Place> places_;
  int32_t search_ = -1;
  End end_;
  std::vector<Candidate> queue_;
  std::vector<int32_t> settled_;
};

}  // namespace

Found FindByNurses(const CoverageProblem& problem) { return Paths<Crowds>(problem).Run(); }

Found FindByPairs(const CoverageProblem& problem) { return Paths<Queues>(problem).Run(); }

}  // namespace tsunagu::matching::coverage
