#include "services/matching/market/deferred_acceptance.h"

#include <algorithm>

#include "services/matching/market/heap.h"

namespace tsunagu::matching::market {

std::vector<int32_t> NursesByLot(absl::Span<const int32_t> lots) {
  std::vector<int32_t> nurses(lots.size());
  for (size_t nurse = 0; nurse < lots.size(); ++nurse) nurses[lots[nurse]] = static_cast<int32_t>(nurse);
  return nurses;
}

Posts::Posts(int32_t nurse_count, absl::Span<const int32_t> posts)
    : places_(posts.size()), bars_(posts.size(), kNoCutoff) {
  const auto room = [&](size_t place) { return static_cast<size_t>(std::min(posts[place], nurse_count)); };
  size_t total = 0;
  for (size_t place = 0; place < posts.size(); ++place) total += room(place);
  keys_ = std::make_unique_for_overwrite<uint64_t[]>(total);
  uint64_t* next = keys_.get();
  for (size_t place = 0; place < posts.size(); ++place) {
    places_[place] = {.keys = next, .posts = posts[place]};
    next += room(place);
    if (posts[place] == 0) bars_[place] = 0;
  }
}

// Only a place without a free post needs to know who is its last.
uint64_t Posts::Admit(int32_t index, uint64_t key) {
  Place& place = places_[index];
  uint64_t sent_away = kNobody;
  if (place.admitted == place.posts) {
    sent_away = ReplaceTop(absl::MakeSpan(place.keys, place.posts), key);
  } else {
    place.keys[place.admitted++] = key;
    if (place.admitted < place.posts) return kNobody;
    std::make_heap(place.keys, place.keys + place.posts);
  }
  bars_[index] = place.keys[0];
  return sent_away;
}

Solution Posts::Result(absl::Span<const int32_t> nurse_of_lot) const {
  Solution result;
  result.assigned.assign(nurse_of_lot.size(), -1);
  result.cutoffs.of_place.assign(places_.size(), kNoCutoff);
  for (size_t i = 0; i < places_.size(); ++i) {
    for (const uint64_t key : absl::MakeConstSpan(places_[i].keys, places_[i].admitted)) {
      result.assigned[nurse_of_lot[LotOf(key)]] = static_cast<int32_t>(i);
    }
    if (places_[i].posts > 0) result.cutoffs.of_place[i] = bars_[i];
  }
  return result;
}

Solution Solve(const Market& market) {
  const std::vector<int32_t> nurse_of_lot = NursesByLot(market.lots);
  Posts posts(market.nurse_count(), market.posts);
  {
    WholeLists lists(market);
    ProposeAll(market.lots, nurse_of_lot, lists, posts);
  }
  return posts.Result(nurse_of_lot);
}

}  // namespace tsunagu::matching::market
