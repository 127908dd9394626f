#include "services/matching/market/capped_posts.h"

#include <algorithm>

namespace tsunagu::matching::market {

void Largest::Set(size_t index, uint64_t value) {
  size_t node = count_ + index;
  tree_[node] = value;
  for (node /= 2; node > 0; node /= 2) {
    const uint64_t larger = std::max(tree_[2 * node], tree_[2 * node + 1]);
    if (tree_[node] == larger) return;
    tree_[node] = larger;
  }
}

size_t Largest::Among(size_t first, size_t end) const {
  size_t largest = count_ + first;
  const auto compare = [&](size_t node) {
    if (tree_[node] > tree_[largest]) largest = node;
  };
  for (first += count_, end += count_; first < end; first /= 2, end /= 2) {
    if (first % 2 == 1) compare(first++);
    if (end % 2 == 1) compare(--end);
  }
  while (largest < count_) largest = 2 * largest + (tree_[2 * largest] == tree_[largest] ? 0 : 1);
  return largest - count_;
}

CappedPosts::CappedPosts(int32_t nurse_count, absl::Span<const int32_t> posts, const Caps& caps)
    : caps_(caps),
      admitted_(nurse_count, posts),
      bars_(posts.size(), kNoCutoff),
      sets_(caps.parent.size()),
      number_(posts.size()),
      numbered_(posts.size()),
      last_(posts.size()) {
  NumberPlaces();
  for (size_t place = 0; place < posts.size(); ++place) {
    if (posts[place] == 0) bars_[place] = 0;
  }
  for (size_t set = 0; set < sets_.size(); ++set) {
    if (caps.limit[set] == 0) sets_[set].bar = 0;
  }
}

// Each set gets as many numbers as it has places in it, within those of its parent: first come its own places, then the
// sets in it.
void CappedPosts::NumberPlaces() {
  std::vector<size_t> size(sets_.size(), 0), next(sets_.size(), 0);
  for (const int32_t set : caps_.set_of_place) {
    if (set >= 0) ++size[set];
  }
  const std::vector<size_t> own = size;
  for (size_t set = sets_.size(); set-- > 0;) {  // a parent's index is smaller
    if (caps_.parent[set] >= 0) size[caps_.parent[set]] += size[set];
  }
  size_t outside = 0;  // the next number that no set has
  for (size_t set = 0; set < sets_.size(); ++set) {
    size_t& from = caps_.parent[set] < 0 ? outside : next[caps_.parent[set]];
    sets_[set].first = from;
    sets_[set].end = from += size[set];
    next[set] = sets_[set].first + own[set];
  }
  for (size_t set = 0; set < sets_.size(); ++set) next[set] = sets_[set].first;
  for (size_t place = 0; place < number_.size(); ++place) {
    const int32_t set = caps_.set_of_place[place];
    number_[place] = set < 0 ? outside++ : next[set]++;
    numbered_[number_[place]] = static_cast<int32_t>(place);
  }
}

// What a full set has refused it will refuse: its last only goes further ahead. It stops being full only when somebody
// leaves it for a nurse who goes before all it ever refused, and then a set around it is full of such nurses.
bool CappedPosts::WouldAdmit(int32_t place, uint64_t key) const {
  if (key >= bars_[place]) return false;
  for (int32_t set = caps_.set_of_place[place]; set >= 0; set = caps_.parent[set]) {
    if (key >= sets_[set].bar) return false;
  }
  return true;
}

uint64_t CappedPosts::Propose(int32_t place, uint64_t key) {
  if (!WouldAdmit(place, key)) return key;
  if (admitted_.full(place)) {
    const uint64_t sent_away = ReplaceTop(admitted_.At(place), key);
    bars_[place] = admitted_.At(place).front();
    last_.Set(number_[place], bars_[place]);
    return sent_away;
  }
  int32_t set = caps_.set_of_place[place];
  while (set >= 0 && !full(set)) set = caps_.parent[set];
  uint64_t sent_away = kNobody;
  if (set >= 0) {
    const size_t last = LastIn(set);
    sent_away = sets_[set].bar = last_.Get(last);
    if (key > sent_away) return key;
    const int32_t left = numbered_[last];
    RemoveLast(left);
    Count(left, set, -1);
  }
  Add(place, key);
  Count(place, set, 1);
  return sent_away;
}

// For each set around the place, up to before `before_set`.
void CappedPosts::Count(int32_t place, int32_t before_set, int32_t change) {
  for (int32_t set = caps_.set_of_place[place]; set != before_set; set = caps_.parent[set]) sets_[set].count += change;
}

void CappedPosts::Add(int32_t place, uint64_t key) {
  admitted_.Append(place, key);
  const absl::Span<uint64_t> keys = admitted_.At(place);
  std::push_heap(keys.begin(), keys.end());
  last_.Set(number_[place], keys.front());
  if (admitted_.full(place)) bars_[place] = keys.front();
}

// The last of a set is the last of its place as well.
void CappedPosts::RemoveLast(int32_t place) {
  const absl::Span<uint64_t> keys = admitted_.At(place);
  std::pop_heap(keys.begin(), keys.end());
  admitted_.DropBack(place);
  last_.Set(number_[place], admitted_.At(place).empty() ? 0 : keys.front());
}

Solution CappedPosts::Result(absl::Span<const int32_t> nurse_of_lot) const {
  Solution result;
  result.assigned.assign(nurse_of_lot.size(), -1);
  result.cutoffs.of_place.assign(admitted_.place_count(), kNoCutoff);
  result.cutoffs.of_set.assign(sets_.size(), kNoCutoff);
  for (int32_t place = 0; place < admitted_.place_count(); ++place) {
    const absl::Span<const uint64_t> keys = admitted_.At(place);
    for (const uint64_t key : keys) result.assigned[nurse_of_lot[LotOf(key)]] = place;
    if (admitted_.full(place) && !keys.empty()) result.cutoffs.of_place[place] = keys.front();
  }
  for (size_t i = 0; i < sets_.size(); ++i) {
    const auto set = static_cast<int32_t>(i);
    if (full(set) && sets_[set].count > 0) result.cutoffs.of_set[set] = last_.Get(LastIn(set));
  }
  return result;
}

Solution Solve(const Market& market, const Caps& caps) {
  if (caps.parent.empty()) return Solve(market);
  const std::vector<int32_t> nurse_of_lot = NursesByLot(market.lots);
  CappedPosts posts(market.nurse_count(), market.posts, caps);
  {
    WholeLists lists(market);
    ProposeAll(market.lots, nurse_of_lot, lists, posts);
  }
  return posts.Result(nurse_of_lot);
}

}  // namespace tsunagu::matching::market
