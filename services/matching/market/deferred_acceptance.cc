#include "services/matching/market/deferred_acceptance.h"

#include <algorithm>

#include "services/matching/market/heap.h"

namespace tsunagu::matching::market {

Posts::Posts(absl::Span<const int32_t> lots, absl::Span<const int32_t> posts)
    : lots_(lots), posts_(posts), nurse_of_lot_(lots.size()), bars_(posts.size(), kNoCutoff), admitted_(posts.size()) {
  for (size_t nurse = 0; nurse < lots.size(); ++nurse) nurse_of_lot_[lots[nurse]] = static_cast<int32_t>(nurse);
  for (size_t place = 0; place < posts.size(); ++place) {
    if (posts[place] == 0) bars_[place] = 0;
  }
}

// Only a place without a free post needs to know who is its last.
int32_t Posts::Admit(int32_t place, uint64_t key) {
  std::vector<uint64_t>& keys = admitted_[place];
  const auto posts = static_cast<size_t>(posts_[place]);
  if (keys.size() < posts) {
    keys.push_back(key);
    if (keys.size() < posts) return -1;
    std::make_heap(keys.begin(), keys.end());
    bars_[place] = keys.front();
    return -1;
  }
  const uint64_t last = ReplaceTop(keys, key);
  bars_[place] = keys.front();
  return nurse_of_lot_[static_cast<uint32_t>(last)];
}

Solution Posts::Result() const {
  Solution result;
  result.assigned.assign(lots_.size(), -1);
  result.cutoffs.of_place.assign(posts_.size(), kNoCutoff);
  for (size_t place = 0; place < posts_.size(); ++place) {
    for (const uint64_t key : admitted_[place]) {
      result.assigned[nurse_of_lot_[static_cast<uint32_t>(key)]] = static_cast<int32_t>(place);
    }
    if (posts_[place] > 0) result.cutoffs.of_place[place] = bars_[place];
  }
  return result;
}

Solution Solve(const Market& market) {
  Posts posts(market.lots, market.posts);
  {
    WholeLists lists(market);
    ProposeAll(market.nurse_count(), lists, posts);
  }
  return posts.Result();
}

}  // namespace tsunagu::matching::market
