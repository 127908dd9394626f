#include "services/matching/objectives/capped_rotations.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "services/matching/market/cap_count.h"
#include "services/matching/market/capped_posts.h"

namespace tsunagu::matching::objectives {
namespace {

using market::Market;

constexpr size_t kNowhere = SIZE_MAX;

// A nurse, the choice that she has, and the choice that she moves to.
struct Going {
  int32_t nurse = -1;
  size_t from = 0, to = 0;
};
using Circle = std::vector<Going>;

// A stable matching that moves down by one circle after another, and up again.
class Descent {
 public:
  Descent(const Market& market, const market::Caps& caps)
      : market_(market),
        at_(market.nurse_count(), kNowhere),
        step_(market.nurse_count(), -1),
        has_(market.posts.size()),
        caps_(caps, market.posts.size()) {
    best_ = market::Solve(market, caps).assigned;
    for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
      if (best_[nurse] < 0) continue;
      size_t choice = 0;
      while (market.ChoicesOf(nurse)[choice].opening != best_[nurse]) ++choice;
      Sit(nurse, choice);
    }
  }

  const market::Assigned& best() const { return best_; }
  size_t at(int32_t nurse) const { return at_[nurse]; }

  // Finds the first circle on the path from the nurse: to the opening where she would go next, to the nurse whom that
  // displaces, and so on. If one nurse on the path is worse off in another stable matching, all are. So if one of them
  // cannot move, none can: then the result is empty, and `walked` are the nurses who stay for ever.
  Circle Walk(int32_t nurse, std::vector<int32_t>& walked) {
    Circle way;
    walked.clear();
    bool ends = false;
    while (step_[nurse] < 0) {
      step_[nurse] = static_cast<int32_t>(way.size());
      walked.push_back(nurse);
      const auto [to, next] = NextOf(nurse);
      ends = to == kNowhere;
      if (ends) break;
      way.push_back({nurse, at_[nurse], to});
      nurse = next;
    }
    Circle circle;
    if (!ends) circle.assign(way.begin() + step_[nurse], way.end());
    for (const int32_t each : walked) step_[each] = -1;
    return circle;
  }

  void Take(const Circle& circle) {
    for (const Going& going : circle) Rise(going.nurse);
    for (const Going& going : circle) Sit(going.nurse, going.to);
  }
  void TakeBack(const Circle& circle) {
    for (const Going& going : circle) Rise(going.nurse);
    for (const Going& going : circle) Sit(going.nurse, going.from);
  }

  int32_t OpeningAt(int32_t nurse, size_t choice) const { return market_.ChoicesOf(nurse)[choice].opening; }

 private:
  uint64_t KeyAt(int32_t nurse, size_t choice) const { return market::KeyOf(nurse, market_.ChoicesOf(nurse)[choice]); }

  // Returns the first of her choices after what she has that prefers her to the last nurse with whom she would compete
  // there, and that nurse. A choice with room has room in every stable matching: she never goes past one.
  std::pair<size_t, int32_t> NextOf(int32_t nurse) const {
    if (at_[nurse] == kNowhere) return {kNowhere, -1};
    const auto choices = market_.ChoicesOf(nurse);
    for (size_t i = at_[nurse] + 1; i < choices.size(); ++i) {
      const int32_t opening = choices[i].opening;
      if (market_.posts[opening] == 0) continue;
      uint64_t last = 0;
      if (static_cast<int32_t>(has_[opening].size()) == market_.posts[opening]) {
        last = *has_[opening].rbegin();
      } else {
        const int32_t set = caps_.InnermostFull(opening);
        if (set < 0) return {kNowhere, -1};
        if (caps_.limit(set) == 0) continue;
        last = caps_.LastKey(set);
      }
      if (KeyAt(nurse, i) < last) return {i, market::NurseOf(last)};
    }
    return {kNowhere, -1};
  }

  void Sit(int32_t nurse, size_t choice) {
    const int32_t opening = OpeningAt(nurse, choice);
    at_[nurse] = choice;
    has_[opening].insert(KeyAt(nurse, choice));
    caps_.Change(opening, 1, *has_[opening].rbegin() + 1);
  }
  void Rise(int32_t nurse) {
    const int32_t opening = OpeningAt(nurse, at_[nurse]);
    has_[opening].erase(KeyAt(nurse, at_[nurse]));
    caps_.Change(opening, -1, has_[opening].empty() ? 0 : *has_[opening].rbegin() + 1);
  }

  const Market& market_;
  market::Assigned best_;
  std::vector<size_t> at_;               // by nurse: index of the choice that she has; kNowhere: none
  std::vector<int32_t> step_;            // by nurse: her step on the present path; -1: not on it
  std::vector<std::set<uint64_t>> has_;  // by opening: the keys of its nurses
  market::CapCount caps_;
};

// By nurse and the choice that she leaves: the rotation by which she leaves it. She leaves each choice only once.
using Leaving = std::vector<std::unordered_map<size_t, int32_t>>;

// A circle needs the rotations on the path of one of its nurses to her new opening.
bool AddNeeds(const std::vector<Circle>& circles, const Leaving& leaving, size_t most_needs, Descent& descent,
              Lattice& lattice) {
  std::vector<int32_t> walked;
  size_t count = 0;
  for (size_t i = 0; i < circles.size(); ++i) {
    const Going& goal = circles[i].front();
    std::vector<int32_t>& needs = lattice.rotations[i].needs;
    for (;;) {
      const Circle circle = descent.Walk(goal.nurse, walked);
      const int32_t index = leaving[circle.front().nurse].at(circle.front().from);
      if (index == static_cast<int32_t>(i)) break;
      if (++count > most_needs) return false;
      needs.push_back(index);
      descent.Take(circles[index]);
    }
    for (auto taken = needs.rbegin(); taken != needs.rend(); ++taken) descent.TakeBack(circles[*taken]);
    std::sort(needs.begin(), needs.end());
  }
  return true;
}

}  // namespace

CappedLattice FindRotations(const market::Market& market, const market::Caps& caps, absl::Span<const int32_t> turns,
                            size_t most_needs) {
  Descent descent(market, caps);
  CappedLattice found;
  found.lattice.best = descent.best();
  std::vector<Circle> circles;
  Leaving leaving(market.nurse_count());
  std::vector<bool> stays(market.nurse_count(), false);
  std::vector<int32_t> walked;
  for (const int32_t nurse : turns) {
    while (!stays[nurse]) {
      Circle circle = descent.Walk(nurse, walked);
      if (circle.empty()) {
        for (const int32_t each : walked) stays[each] = true;
        break;
      }
      Rotation& rotation = found.lattice.rotations.emplace_back();
      for (const Going& going : circle) {
        rotation.moves.push_back(
            {going.nurse, descent.OpeningAt(going.nurse, going.from), descent.OpeningAt(going.nurse, going.to)});
        leaving[going.nurse][going.from] = static_cast<int32_t>(circles.size());
      }
      descent.Take(circle);
      circles.push_back(std::move(circle));
    }
  }
  for (auto circle = circles.rbegin(); circle != circles.rend(); ++circle) descent.TakeBack(*circle);
  found.is_whole = AddNeeds(circles, leaving, most_needs, descent, found.lattice);
  if (found.is_whole) return found;
  for (Rotation& rotation : found.lattice.rotations) rotation.needs.clear();
  return found;
}

}  // namespace tsunagu::matching::objectives
