#include "services/matching/market/deferred_acceptance.h"

#include <algorithm>
#include <cstddef>

namespace tsunagu::matching::market {

Posts::Posts(int32_t nurse_count, absl::Span<const int32_t> posts)
    : nurse_count_(nurse_count), admitted_(nurse_count, posts), bars_(posts.size(), kNoCutoff) {
  for (size_t opening = 0; opening < posts.size(); ++opening) {
    if (posts[opening] == 0) bars_[opening] = 0;
  }
}

// Only an opening without a free post needs to find its last nurse.
uint64_t Posts::Admit(int32_t opening, uint64_t key) {
  uint64_t sent_away = kNobody;
  if (admitted_.full(opening)) {
    sent_away = ReplaceTop(admitted_.At(opening), key);
  } else {
    admitted_.Append(opening, key);
    if (!admitted_.full(opening)) return kNobody;
    std::make_heap(admitted_.At(opening).begin(), admitted_.At(opening).end());
  }
  bars_[opening] = admitted_.At(opening).front();
  return sent_away;
}

Solution Posts::Result() const {
  Solution result;
  result.assigned.assign(nurse_count_, -1);
  result.cutoffs.of_opening = bars_;
  for (int32_t opening = 0; opening < admitted_.opening_count(); ++opening) {
    for (const uint64_t key : admitted_.At(opening)) result.assigned[NurseOf(key)] = opening;
    if (admitted_.posts(opening) == 0) result.cutoffs.of_opening[opening] = kNoCutoff;
  }
  return result;
}

Solution Solve(const Market& market) {
  Posts posts(market.nurse_count(), market.posts);
  {
    WholeLists lists(market);
    ProposeAll(market.nurse_count(), lists, posts);
  }
  return posts.Result();
}

}  // namespace tsunagu::matching::market
