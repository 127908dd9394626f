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
#include "services/matching/market/opening_numbers.h"

namespace tsunagu::matching::market {

// As Solve(market), under caps. A nurse who proposes where nothing is free competes with all nurses of the innermost
// full set around the opening, which may be the opening itself; the last of them leaves. Sets and openings order nurses
// by key: the merit of the nurse at the opening that she has, then her lot. Two openings of one nurse are ordered by
// her own list. So the result is stable: no nurse prefers an opening to which its cut-off, and those of all sets around
// it, would admit her. Every nurse likes the result at least as well as any other stable result, and only one result
// has this property.
Solution Solve(const Market& market, const Caps& caps);

// Posts with caps on sets of openings, for ProposeAll.
class CappedPosts {
 public:
  // Keeps a reference to the caps, which must outlive this object.
  CappedPosts(int32_t nurse_count, absl::Span<const int32_t> posts, const Caps& caps);

  // As Posts::WouldAdmit, but may return true for a proposal that Propose then refuses.
  bool WouldAdmit(int32_t opening, uint64_t key) const;
  uint64_t Propose(int32_t opening, uint64_t key);
  Solution Result() const;

 private:
  struct Set {
    int32_t count = 0;         // nurses in the set
    uint64_t bar = kNoCutoff;  // a key that is not below this is refused
  };
  bool full(int32_t set) const { return sets_[set].count == caps_.limit[set]; }
  // Returns the number of the opening that has the last nurse of the set. The set must not be empty.
  size_t LastIn(int32_t set) const { return last_.Among(numbers_.of_set[set]); }
  void Count(int32_t opening, int32_t before_set, int32_t change);
  void Add(int32_t opening, uint64_t key);
  void RemoveLast(int32_t opening);

  const int32_t nurse_count_;
  const Caps& caps_;
  Admitted admitted_;  // of an opening: a heap with the last on top
  std::vector<uint64_t> bars_;
  std::vector<Set> sets_;
  const OpeningNumbers numbers_;
  Largest last_;  // by number of an opening: the key of its last nurse
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_CAPPED_POSTS_H_
