#include "services/matching/market/waiters.h"

#include <algorithm>
#include <utility>

namespace tsunagu::matching::market {

// Returns the first index, in the order of the opening, of nurses who may wait for it since something has become
// free at `freed`. In a stable matching no nurse waited before who goes before the last of what was full then: of the
// opening itself, or else of the innermost set (`set`) that has room again.
int32_t Waiters::FirstIndex(int32_t opening, int32_t freed, int32_t set) const {
  if (!stable_) return 0;
  if (opening == freed && seating_.has_one_left(opening)) return seating_.last(opening) + 1;
  if (set < 0) return seating_.applicant_count(opening);  // it had room before, so nobody waited
  return seating_.caps().limit(set) == 1 ? 0 : seating_.Behind(opening, seating_.caps().LastKey(set));
}

// Finds the nurses who prefer an opening that has room now. Something that was full kept them out, and a part of it has
// become free at `freed`: so they want that opening, or one in the outermost set around it that was full.
template <typename Do>
void Waiters::ForEach(int32_t freed, Where where, Do each) const {
  const CapCount& caps = seating_.caps();
  const int32_t inner = caps.InnermostWithOneLeft(freed);
  const auto look = [&](int32_t opening) {
    if (!seating_.HasRoom(opening)) return;
    const int32_t end = seating_.applicant_count(opening);
    for (int32_t at = seating_.FirstWho(opening, FirstIndex(opening, freed, inner)); at < end;
         at = seating_.FirstWho(opening, at + 1)) {
      const auto& [nurse, rank] = seating_.ApplicantAt(opening, at);
      if (!each(Waiter{nurse, rank, seating_.KeyOf(nurse, rank)})) return;
    }
  };
  look(freed);
  if (where == Where::kHere || inner < 0) return;
  caps.ForOpeningsIn(caps.OutermostWithOneLeft(freed), [&](int32_t opening) {
    if (opening != freed) look(opening);
  });
}

std::vector<Waiter> Waiters::All(int32_t freed, Where where) const {
  std::vector<Waiter> waiters;
  ForEach(freed, where, [&](const Waiter& waiter) {
    waiters.push_back(waiter);
    return true;
  });
  std::sort(waiters.begin(), waiters.end(),
            [](const Waiter& a, const Waiter& b) { return std::pair(a.key, a.rank) < std::pair(b.key, b.rank); });
  return waiters;
}

Waiter Waiters::First(int32_t freed, Where where) const {
  Waiter first;
  ForEach(freed, where, [&](const Waiter& waiter) {
    if (first.nurse < 0 || std::pair(waiter.key, waiter.rank) < std::pair(first.key, first.rank)) first = waiter;
    return false;  // all later nurses at this opening come after her
  });
  return first;
}

std::vector<Waiter> Waiters::BeforeLastOfSet(int32_t opening) const {
  std::vector<Waiter> waiters;
  const int32_t end = seating_.applicant_count(opening);
  const int32_t from = !stable_ ? 0 : seating_.last(opening) + 1;
  for (int32_t at = seating_.FirstWho(opening, from); at < end; at = seating_.FirstWho(opening, at + 1)) {
    const auto& [nurse, rank] = seating_.ApplicantAt(opening, at);
    if (!seating_.Admits(nurse, rank)) break;
    waiters.push_back({nurse, rank, seating_.KeyOf(nurse, rank)});
  }
  return waiters;
}

}  // namespace tsunagu::matching::market
