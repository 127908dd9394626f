#include "services/matching/objectives/rotations.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "services/matching/market/deferred_acceptance.h"

namespace tsunagu::matching::objectives {
namespace {

using market::Market;

// Moves from the nurses' best matching down to the openings' best, one rotation after another.
class Descent {
 public:
  explicit Descent(const Market& market)
      : market_(market),
        assigned_(market::Solve(market).assigned),
        at_(market.nurse_count(), 0),
        is_final_(market.nurse_count(), false),
        step_(market.nurse_count(), -1),
        admitted_(market.posts.size()),
        history_(market.posts.size()) {
    lattice_.best = assigned_;
    for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
      if (assigned_[nurse] < 0) continue;
      while (market.ChoicesOf(nurse)[at_[nurse]].opening != assigned_[nurse]) ++at_[nurse];
      admitted_[assigned_[nurse]].push_back(KeyAt(nurse, at_[nurse]));
    }
    for (size_t opening = 0; opening < admitted_.size(); ++opening) {
      std::make_heap(admitted_[opening].begin(), admitted_[opening].end());
      if (IsFull(static_cast<int32_t>(opening))) history_[opening].push_back({admitted_[opening].front(), -1});
    }
  }

  Lattice Run() {
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      while (!is_final_[nurse]) Walk(nurse);
    }
    return std::move(lattice_);
  }

 private:
  // The time when the last nurse of a full opening became this one.
  struct Mark {
    uint64_t last;
    int32_t rotation;  // -1: from the beginning
  };
  static constexpr size_t kNowhere = SIZE_MAX;

  uint64_t KeyAt(int32_t nurse, size_t choice) const { return market::KeyOf(nurse, market_.ChoicesOf(nurse)[choice]); }
  bool IsFull(int32_t opening) const {
    return !admitted_[opening].empty() && static_cast<int32_t>(admitted_[opening].size()) == market_.posts[opening];
  }
  uint64_t LastAt(int32_t opening) const { return admitted_[opening].front(); }

  // Returns the first of her choices after what she has that prefers her to its last nurse. An opening with a free post
  // has the same nurses in every stable matching (rural hospitals theorem): she never goes past one.
  size_t NextOf(int32_t nurse) const {
    const auto choices = market_.ChoicesOf(nurse);
    for (size_t i = at_[nurse] + 1; i < choices.size(); ++i) {
      const int32_t opening = choices[i].opening;
      if (market_.posts[opening] == 0) continue;
      if (!IsFull(opening)) return kNowhere;
      if (KeyAt(nurse, i) < LastAt(opening)) return i;
    }
    return kNowhere;
  }

  // Goes from the nurse to the last nurse of the opening where she would go next, and so on: until one cannot move, and
  // then none of them ever can, or until one is visited again, which is a rotation.
  void Walk(int32_t nurse) {
    struct Going {
      int32_t nurse;
      size_t next;
    };
    std::vector<Going> way;
    while (step_[nurse] < 0) {
      const size_t next = assigned_[nurse] < 0 || is_final_[nurse] ? kNowhere : NextOf(nurse);
      if (next == kNowhere) {
        is_final_[nurse] = true;
        for (const Going& going : way) is_final_[going.nurse] = true;
        for (const Going& going : way) step_[going.nurse] = -1;
        return;
      }
      step_[nurse] = static_cast<int32_t>(way.size());
      way.push_back({nurse, next});
      const int32_t opening = market_.ChoicesOf(nurse)[next].opening;
      nurse = market::NurseOf(LastAt(opening));
    }
    Rotation rotation;
    const auto index = static_cast<int32_t>(lattice_.rotations.size());
    for (size_t i = step_[nurse]; i < way.size(); ++i) {
      AddNeeds(way[i].nurse, way[i].next, rotation);
      rotation.moves.push_back(
          {way[i].nurse, assigned_[way[i].nurse], market_.ChoicesOf(way[i].nurse)[way[i].next].opening});
    }
    for (size_t i = step_[nurse]; i < way.size(); ++i) Move(way[i].nurse, way[i].next, index);
    for (const Going& going : way) step_[going.nurse] = -1;
    std::sort(rotation.needs.begin(), rotation.needs.end());
    rotation.needs.erase(std::unique(rotation.needs.begin(), rotation.needs.end()), rotation.needs.end());
    lattice_.rotations.push_back(std::move(rotation));
  }

  // The opening that she moves to has its present last nurse from an earlier rotation. Each opening that she skips has
  // had a better last nurse since some rotation.
  void AddNeeds(int32_t nurse, size_t next, Rotation& rotation) const {
    const auto choices = market_.ChoicesOf(nurse);
    const auto add = [&](const Mark& mark) {
      if (mark.rotation >= 0) rotation.needs.push_back(mark.rotation);
    };
    add(history_[choices[next].opening].back());
    for (size_t i = at_[nurse] + 1; i < next; ++i) {
      const std::vector<Mark>& marks = history_[choices[i].opening];
      if (marks.empty()) continue;  // an opening without posts
      const uint64_t key = KeyAt(nurse, i);
      add(*std::partition_point(marks.begin(), marks.end(), [&](const Mark& mark) { return mark.last > key; }));
    }
  }

  void Move(int32_t nurse, size_t next, int32_t rotation) {
    const int32_t opening = market_.ChoicesOf(nurse)[next].opening;
    std::vector<uint64_t>& heap = admitted_[opening];
    std::pop_heap(heap.begin(), heap.end());
    heap.back() = KeyAt(nurse, next);
    std::push_heap(heap.begin(), heap.end());
    history_[opening].push_back({heap.front(), rotation});
    assigned_[nurse] = opening;
    at_[nurse] = next;
  }

  const Market& market_;
  market::Assigned assigned_;
  std::vector<size_t> at_;                       // by nurse: index of the choice that she has
  std::vector<bool> is_final_;                   // by nurse: she cannot move any more
  std::vector<int32_t> step_;                    // by nurse: her step on the present path; -1: not on it
  std::vector<std::vector<uint64_t>> admitted_;  // by opening: a heap with the last on top
  std::vector<std::vector<Mark>> history_;       // by full opening, first mark first
  Lattice lattice_;
};

}  // namespace

Lattice FindRotations(const market::Market& market) { return Descent(market).Run(); }

market::Assigned Take(const Lattice& lattice, const std::vector<bool>& chosen) {
  market::Assigned assigned = lattice.best;
  for (size_t i = 0; i < lattice.rotations.size(); ++i) {
    if (!chosen[i]) continue;
    for (const Rotation::Move& move : lattice.rotations[i].moves) assigned[move.nurse] = move.to;
  }
  return assigned;
}

}  // namespace tsunagu::matching::objectives
