#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_DEFERRED_ACCEPTANCE_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_DEFERRED_ACCEPTANCE_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/cutoffs.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// Nurse-proposing deferred acceptance. The result is stable, the best of all stable ones for every nurse, and the only
// such: it does not depend on the order of nurses or places. Relies on CheckMarket finding nothing.
Solution Solve(const Market& market);

// The posts of all places, and who has them for now.
class Posts {
 public:
  // By nurse her lot, by place its posts; keeps references to both, which must outlive it.
  Posts(absl::Span<const int32_t> lots, absl::Span<const int32_t> posts);

  // Whether a proposal of hers would not be refused at once. Once false, it stays so: whom a place sends away last only
  // ever goes further ahead.
  bool WouldAdmit(int32_t nurse, const Choice& choice) const { return KeyOf(nurse, choice) < bars_[choice.place]; }

  // Admits the nurse for now. Returns whom the place sends away for it: -1 for nobody, perhaps herself.
  int32_t Propose(int32_t nurse, const Choice& choice) {
    const uint64_t key = KeyOf(nurse, choice);
    return key < bars_[choice.place] ? Admit(choice.place, key) : nurse;
  }

  Solution Result() const;

 private:
  uint64_t KeyOf(int32_t nurse, const Choice& choice) const {
    return uint64_t{choice.merit} << 32 | static_cast<uint32_t>(lots_[nurse]);
  }
  int32_t Admit(int32_t place, uint64_t key);

  absl::Span<const int32_t> lots_, posts_;
  std::vector<int32_t> nurse_of_lot_;
  std::vector<uint64_t> bars_;                   // by place: the first key that is refused
  std::vector<std::vector<uint64_t>> admitted_;  // by place: keys, a heap with the last on top once all posts are taken
};

// Lets everybody propose until nobody who is left without a place has where to go. `Lists` hands out the nurses' lists,
// each from the front and only as far as it is needed, so that no list need exist in full:
//   Choice Next(int32_t nurse);    her next choice; one of place -1 when nothing is left on her list, now or later
//   void Expect(int32_t nurse);    she may be asked for soon: a hint to fetch what that takes
// A list may leave out what `seats` would refuse at the time (WouldAdmit); it would refuse it later too, so whoever reads
// whole lists makes the same matching. `Seats` are Posts, or CappedPosts.
template <typename Lists, typename Seats>
void ProposeAll(int32_t nurse_count, Lists& lists, Seats& seats) {
  constexpr size_t kAhead = 24;  // proposals between a hint and its use, enough to hide the way to memory
  // Returns who is without a place now and has to go on, -1 for nobody.
  const auto propose = [&](int32_t nurse) {
    for (;;) {
      const Choice choice = lists.Next(nurse);
      if (choice.place < 0) return -1;
      const int32_t sent_away = seats.Propose(nurse, choice);
      if (sent_away != nurse) return sent_away;
    }
  };
  // In rounds, and not one chain after the other: who goes on is known long before it is her turn.
  std::vector<int32_t> waiting, next;
  for (int32_t nurse = 0; nurse < nurse_count; ++nurse) {
    if (const int32_t sent_away = propose(nurse); sent_away >= 0) waiting.push_back(sent_away);
  }
  for (; !waiting.empty(); std::swap(waiting, next)) {
    next.clear();
    for (size_t i = 0; i < waiting.size(); ++i) {
      if (i + kAhead < waiting.size()) lists.Expect(waiting[i + kAhead]);
      if (const int32_t sent_away = propose(waiting[i]); sent_away >= 0) next.push_back(sent_away);
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

  void Expect(int32_t nurse) const {
    __builtin_prefetch(&market_.choices[market_.begin[nurse]] + made_[nurse]);
    __builtin_prefetch(&market_.lots[nurse]);
  }

 private:
  const Market& market_;
  std::vector<uint32_t> made_;  // by nurse: how many proposals
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_DEFERRED_ACCEPTANCE_H_
