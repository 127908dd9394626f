#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_CAPPED_POSTS_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_CAPPED_POSTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/admitted.h"
#include "services/matching/market/cutoffs.h"
#include "services/matching/market/deferred_acceptance.h"
#include "services/matching/market/market.h"
#include "services/matching/market/place_numbers.h"

namespace tsunagu::matching::market {

// The same under caps. Whoever proposes where nothing is free competes with all who are in the innermost set around the
// place that is full, be it the place itself; the last of them leaves. In a set as in a place the order is that of
// keys: what each nurse is to the place that she has, then her lot; two places of one nurse go by her own list. So the
// result is stable: no nurse would rather have another place whose cut-off, and those of all sets around it, she
// clears. Of all such results it is the best for every nurse, and the only one that is.
Solution Solve(const Market& market, const Caps& caps);

// Posts with caps on sets of places, for ProposeAll.
class CappedPosts {
 public:
  // Keeps a reference to the caps, which must outlive it.
  CappedPosts(int32_t nurse_count, absl::Span<const int32_t> posts, const Caps& caps);

  // As Posts::WouldAdmit, but it does not know of every refusal.
  bool WouldAdmit(int32_t place, uint64_t key) const;
  uint64_t Propose(int32_t place, uint64_t key);
  Solution Result() const;

 private:
  struct Set {
    int32_t count = 0;         // nurses in it
    uint64_t bar = kNoCutoff;  // whoever does not go before it is refused
  };
  bool full(int32_t set) const { return sets_[set].count == caps_.limit[set]; }
  // The number of the place that has the last of the set. The set has somebody.
  size_t LastIn(int32_t set) const { return last_.Among(numbers_.of_set[set]); }
  void Count(int32_t place, int32_t before_set, int32_t change);
  void Add(int32_t place, uint64_t key);
  void RemoveLast(int32_t place);

  const int32_t nurse_count_;
  const Caps& caps_;
  Admitted admitted_;  // of a place: a heap with the last on top
  std::vector<uint64_t> bars_;
  std::vector<Set> sets_;
  const PlaceNumbers numbers_;
  Largest last_;  // by number of a place: the key of its last
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_CAPPED_POSTS_H_
