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
// such: it does not depend on the order of nurses or places. Relies on CheckMarket finding nothing.
Solution Solve(const Market& market);

// By lot the nurse.
std::vector<int32_t> NursesByLot(absl::Span<const int32_t> lots);

// Whose key it is.
inline uint32_t LotOf(uint64_t key) { return static_cast<uint32_t>(key); }

// Nobody's key.
inline constexpr uint64_t kNobody = kNoCutoff;

// The posts of all places, and the keys of those who have them for now.
class Posts {
 public:
  Posts(int32_t nurse_count, absl::Span<const int32_t> posts);

  // Whether a proposal with this key (Market::KeyOf) would not be refused at once. Once false, it stays so: whom a place
  // sends away last only ever goes further ahead.
  bool WouldAdmit(int32_t place, uint64_t key) const { return key < bars_[place]; }

  // Admits her for now. Returns whom the place sends away for it: kNobody, or somebody's key, perhaps her own.
  uint64_t Propose(int32_t place, uint64_t key) { return key < bars_[place] ? Admit(place, key) : key; }

  Solution Result(absl::Span<const int32_t> nurse_of_lot) const;

 private:
  uint64_t Admit(int32_t place, uint64_t key);

  Admitted admitted_;           // of a place: a heap with the last on top, once it is full
  std::vector<uint64_t> bars_;  // by place: the first key that is refused
};

// Lets everybody propose until nobody who is left without a place has where to go. `Seats` are Posts, or CappedPosts.
// `Lists` hands out the nurses' lists, each from the front and only as far as it is needed, so none need exist in full:
//   Choice Next(int32_t nurse);            her next choice; of place -1 when nothing is left on her list, now or later
//   void ExpectSoon(int32_t nurse) const;  she is likely to be asked for, later and then soon: hints to fetch from memory
//   void ExpectNext(int32_t nurse) const;  what that takes
// A list may leave out what the seats would refuse at the time (WouldAdmit); they would refuse it later too, so whoever
// reads whole lists makes the same matching.
template <typename Lists, typename Seats>
void ProposeAll(absl::Span<const int32_t> lots, absl::Span<const int32_t> nurse_of_lot, Lists& lists, Seats& seats) {
  constexpr size_t kAhead = 12;  // proposals between a hint and its use, enough to hide the way to memory
  // Her proposals until one is not refused. Whoever is sent away for it has to go on.
  std::vector<uint32_t> waiting, next;
  const auto propose = [&](int32_t nurse, uint32_t lot) {
    for (;;) {
      const Choice choice = lists.Next(nurse);
      if (choice.place < 0) return;
      const uint64_t key = uint64_t{choice.merit} << 32 | lot;
      const uint64_t sent_away = seats.Propose(choice.place, key);
      if (sent_away == key) continue;
      if (sent_away != kNobody) next.push_back(LotOf(sent_away));
      return;
    }
  };
  for (size_t nurse = 0; nurse < lots.size(); ++nurse) propose(static_cast<int32_t>(nurse), lots[nurse]);
  // In rounds, and not one chain after the other: who goes on is known long before it is her turn.
  while (!next.empty()) {
    std::swap(waiting, next);
    next.clear();
    const size_t count = waiting.size();
    for (size_t i = 0; i < count; ++i) {
      if (i + 3 * kAhead < count) __builtin_prefetch(&nurse_of_lot[waiting[i + 3 * kAhead]]);
      if (i + 2 * kAhead < count) lists.ExpectSoon(nurse_of_lot[waiting[i + 2 * kAhead]]);
      if (i + kAhead < count) lists.ExpectNext(nurse_of_lot[waiting[i + kAhead]]);
      propose(nurse_of_lot[waiting[i]], waiting[i]);
    }
  }
}

// The lists of a market, for ProposeAll.
class WholeLists {
 public:
  // Keeps a reference to it, which must outlive this.
  explicit WholeLists(const Market& market) : market_(market), made_(market.nurse_count(), 0) {}

  Choice Next(int32_t nurse) {
    const size_t at = market_.begin[nurse] + made_[nurse];
    if (at == market_.begin[nurse + 1]) return Choice();
    ++made_[nurse];
    return market_.choices[at];
  }

  // Inlined, or else the compiler takes them for functions without an effect and drops them.
  ABSL_ATTRIBUTE_ALWAYS_INLINE void ExpectSoon(int32_t nurse) const {
    __builtin_prefetch(&market_.begin[nurse]);
    __builtin_prefetch(&made_[nurse]);
  }
  ABSL_ATTRIBUTE_ALWAYS_INLINE void ExpectNext(int32_t nurse) const {
    const Choice* next = market_.choices.data() + market_.begin[nurse] + made_[nurse];
    __builtin_prefetch(next);
    __builtin_prefetch(next + 64 / sizeof(Choice));  // she makes more than two proposals each time, often across a line
  }

 private:
  const Market& market_;
  std::vector<uint32_t> made_;  // by nurse: how many proposals
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_DEFERRED_ACCEPTANCE_H_
