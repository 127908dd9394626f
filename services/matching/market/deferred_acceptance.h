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

// Nurse-proposing deferred acceptance. The result is stable. Every nurse likes it at least as well as any other stable
// result, and only one result has this property, so it does not depend on the order of proposals or of openings.
// CheckMarket must have found no fault.
Solution Solve(const Market& market);

// A key that belongs to no nurse.
inline constexpr uint64_t kNobody = kNoCutoff;

// The posts of all openings, and the keys of the nurses who have them for now.
class Posts {
 public:
  Posts(int32_t nurse_count, absl::Span<const int32_t> posts);

  // Returns false if a proposal with this key (KeyOf) would be refused at once. Once false, it stays false: the bar of
  // an opening only moves towards smaller keys.
  bool WouldAdmit(int32_t opening, uint64_t key) const { return key < bars_[opening]; }

  // Admits the nurse for now. Returns the key of the nurse whom the opening sends away for her: kNobody if there is
  // none; it may be her own.
  uint64_t Propose(int32_t opening, uint64_t key) { return key < bars_[opening] ? Admit(opening, key) : key; }

  Solution Result() const;

 private:
  uint64_t Admit(int32_t opening, uint64_t key);

  const int32_t nurse_count_;
  Admitted admitted_;           // by opening; once the opening is full, a heap with the last key on top
  std::vector<uint64_t> bars_;  // by opening: the smallest key that is refused
};

// Runs proposals until every nurse without an opening has reached the end of her list. `Seats` is Posts or CappedPosts.
// `Lists` returns the choices of the nurses one by one, from the front, so no list has to be stored whole:
//   Choice Next(int32_t nurse);            her next choice; its opening is -1 when her list is at its end, for good
//   void ExpectSoon(int32_t nurse) const;  hints that Next may be called for her later, and
//   void ExpectNext(int32_t nurse) const;  soon: prefetch what Next needs
// A list may leave out a choice that the seats would refuse at the time (WouldAdmit). The seats would refuse it later
// too, so the matching is the same as with whole lists.
template <typename Lists, typename Seats>
void ProposeAll(int32_t nurse_count, Lists& lists, Seats& seats) {
  constexpr size_t kAhead = 12;  // proposals between a hint and its use, enough to hide the latency of memory
  // Lets the nurse propose until a proposal is not refused. A nurse who is sent away for her proposes in the next
  // round.
  std::vector<int32_t> waiting, next;
  const auto propose = [&](int32_t nurse) {
    for (;;) {
      const Choice choice = lists.Next(nurse);
      if (choice.opening < 0) return;
      const uint64_t key = KeyOf(nurse, choice);
      const uint64_t sent_away = seats.Propose(choice.opening, key);
      if (sent_away == key) continue;
      if (sent_away != kNobody) next.push_back(NurseOf(sent_away));
      return;
    }
  };
  for (int32_t nurse = 0; nurse < nurse_count; ++nurse) propose(nurse);
  // Runs in rounds instead of one chain after another, so that the next nurses are known early enough to prefetch.
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
  // Keeps a reference to the market, which must outlive this object.
  explicit WholeLists(const Market& market) : market_(market), next_(market.begin.begin(), market.begin.end() - 1) {}

  Choice Next(int32_t nurse) {
    return next_[nurse] == market_.begin[nurse + 1] ? Choice() : market_.choices[next_[nurse]++];
  }

  // Always inlined: otherwise the compiler treats them as functions without effect and removes the calls.
  ABSL_ATTRIBUTE_ALWAYS_INLINE void ExpectSoon(int32_t nurse) const {
    __builtin_prefetch(&next_[nurse]);
    __builtin_prefetch(&market_.begin[nurse + 1]);
  }
  ABSL_ATTRIBUTE_ALWAYS_INLINE void ExpectNext(int32_t nurse) const {
    const Choice* const next = market_.choices.data() + next_[nurse];
    __builtin_prefetch(next);
    // She makes more than two proposals each time, often across a cache line.
    __builtin_prefetch(next + 64 / sizeof(Choice));
  }

 private:
  const Market& market_;
  std::vector<uint32_t> next_;  // by nurse: index of the choice that she proposes next
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_DEFERRED_ACCEPTANCE_H_
