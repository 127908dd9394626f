#include "services/matching/market/deferred_acceptance.h"

#include <algorithm>
#include <cstddef>

namespace tsunagu::matching::market {

Posts::Posts(int32_t nurse_count, absl::Span<const int32_t> posts)
    : nurse_count_(nurse_count), admitted_(nurse_count, posts), bars_(posts.size(), kNoCutoff) {
  for (size_t place = 0; place < posts.size(); ++place) {
    if (posts[place] == 0) bars_[place] = 0;
  }
}

// Only a place without a free post needs to find its last nurse.
uint64_t Posts::Admit(int32_t place, uint64_t key) {
  uint64_t sent_away = kNobody;
  if (admitted_.full(place)) {
    sent_away = ReplaceTop(admitted_.At(place), key);
  } else {
    admitted_.Append(place, key);
    if (!admitted_.full(place)) return kNobody;
    std::make_heap(admitted_.At(place).begin(), admitted_.At(place).end());
  }
  bars_[place] = admitted_.At(place).front();
  return sent_away;
}

Solution Posts::Result() const {
  Solution result;
  result.assigned.assign(nurse_count_, -1);
  result.cutoffs.of_place = bars_;
  for (int32_t place = 0; place < admitted_.place_count(); ++place) {
    for (const uint64_t key : admitted_.At(place)) result.assigned[NurseOf(key)] = place;
    if (admitted_.posts(place) == 0) result.cutoffs.of_place[place] = kNoCutoff;
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
