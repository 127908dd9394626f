#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_DEFERRED_ACCEPTANCE_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_DEFERRED_ACCEPTANCE_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/types/span.h"
#include "services/matching/market/admitted.h"
#include "services/matching/market/cutoffs.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// Nurse-proposing deferred acceptance. The result is stable, the best of all stable ones for every nurse, and the only
// such: it does not depend on who proposes when, or on the order of places. Relies on CheckMarket finding nothing.
Solution Solve(const Market& market);

// Nobody's key.
inline constexpr uint64_t kNobody = kNoCutoff;

// The posts of all places, and the keys of those who have them for now.
class Posts {
 public:
  Posts(int32_t nurse_count, absl::Span<const int32_t> posts);

  // Whether a proposal with this key (KeyOf) would not be refused at once. Once false, it stays so: whom a place sends
  // away last only ever goes further ahead.
  bool WouldAdmit(int32_t place, uint64_t key) const { return key < bars_[place]; }

  // Admits her for now. Returns whom the place sends away for it: kNobody, or somebody's key, perhaps her own.
  uint64_t Propose(int32_t place, uint64_t key) { return key < bars_[place] ? Admit(place, key) : key; }

  Solution Result() const;

 private:
  uint64_t Admit(int32_t place, uint64_t key);

  const int32_t nurse_count_;
  Admitted admitted_;           // of a place: a heap with the last on top, once it is full
  std::vector<uint64_t> bars_;  // by place: the first key that is refused
};

// Lets everybody propose until nobody who is left without a place has where to go. `Seats` are Posts, or CappedPosts.
// `Lists` hands out the nurses' lists, each from the front and only as far as it is needed, so none need exist in full:
//   Choice Next(int32_t nurse);            her next choice; of place -1 when nothing is left on her list, now or later
//   void ExpectSoon(int32_t nurse) const;  she is likely to be asked for, later and then soon: hints to fetch from
//   memory void ExpectNext(int32_t nurse) const;  what that takes
// A list may leave out what the seats would refuse at the time (WouldAdmit); they would refuse it later too, so whoever
// reads whole lists makes the same matching.
template <typename Lists, typename Seats>
void ProposeAll(int32_t nurse_count, Lists& lists, Seats& seats) {
  constexpr size_t kAhead = 12;  // proposals between a hint and its use, enough to hide the way to memory
  // Her proposals until one is not refused. Whoever is sent away for it has to go on.
  std::vector<int32_t> waiting, next;
  const auto propose = [&](int32_t nurse) {
    for (;;) {
      const Choice choice = lists.Next(nurse);
      if (choice.place < 0) return;
      const uint64_t key = KeyOf(nurse, choice);
      const uint64_t sent_away = seats.Propose(choice.place, key);
      if (sent_away == key) continue;
      if (sent_away != kNobody) next.push_back(NurseOf(sent_away));
      return;
    }
  };
  for (int32_t nurse = 0; nurse < nurse_count; ++nurse) propose(nurse);
  // In rounds, and not one chain after the other: who goes on is known long before it is her turn.
  while (!next.empty()) {
    std::swap(waiting, next);
    next.clear();
    const size_t count = waiting.size();
    for (size_t i = 0; i < count; ++i) {
      if (i + 2 * kAhead < count) lists.ExpectSoon(waiting[i + 2 * kAhead]);
      if (i + kAhead < count) lists.ExpectNext(waiting[i + kAhead]);
      propose(waiting[i]);
    }
  }
}

// The lists of a market, for ProposeAll.
class WholeLists {
 public:
  // Keeps a reference to it, which must outlive this.
  explicit WholeLists(const Market& market) : market_(market), next_(market.begin.begin(), market.begin.end() - 1) {}

  Choice Next(int32_t nurse) {
    return next_[nurse] == market_.begin[nurse + 1] ? Choice() : market_.choices[next_[nurse]++];
  }

  // Inlined, or else the compiler takes them for functions without an effect and drops them.
  ABSL_ATTRIBUTE_ALWAYS_INLINE void ExpectSoon(int32_t nurse) const {
    __builtin_prefetch(&next_[nurse]);
    __builtin_prefetch(&market_.begin[nurse + 1]);
  }
  ABSL_ATTRIBUTE_ALWAYS_INLINE void ExpectNext(int32_t nurse) const {
    const Choice* const next = market_.choices.data() + next_[nurse];
    __builtin_prefetch(next);
    __builtin_prefetch(next + 64 / sizeof(Choice));  // she makes more than two proposals each time, often across a line
  }

 private:
  const Market& market_;
  std::vector<uint32_t> next_;  // by nurse: which choice she proposes next
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_DEFERRED_ACCEPTANCE_H_
