#include "services/matching/market/capped_posts.h"

#include <algorithm>

namespace tsunagu::matching::market {

CappedPosts::CappedPosts(int32_t nurse_count, absl::Span<const int32_t> posts, const Caps& caps)
    : nurse_count_(nurse_count),
      caps_(caps),
      admitted_(nurse_count, posts),
      bars_(posts.size(), kNoCutoff),
      sets_(caps.parent.size()),
      numbers_(caps, posts.size()),
      last_(posts.size()) {
  for (size_t opening = 0; opening < posts.size(); ++opening) {
    if (posts[opening] == 0) bars_[opening] = 0;
  }
  for (size_t set = 0; set < sets_.size(); ++set) {
    if (caps.limit[set] == 0) sets_[set].bar = 0;
  }
}

// A key that a full set has refused it will always refuse: its last key only gets smaller. A set stops being full only
// if a nurse leaves it for one who goes before all that it ever refused, and then a set around it is full of such
// nurses.
bool CappedPosts::WouldAdmit(int32_t opening, uint64_t key) const {
  if (key >= bars_[opening]) return false;
  for (int32_t set = caps_.set_of_opening[opening]; set >= 0; set = caps_.parent[set]) {
    if (key >= sets_[set].bar) return false;
  }
  return true;
}

uint64_t CappedPosts::Propose(int32_t opening, uint64_t key) {
  if (!WouldAdmit(opening, key)) return key;
  if (admitted_.full(opening)) {
    const uint64_t sent_away = ReplaceTop(admitted_.At(opening), key);
    bars_[opening] = admitted_.At(opening).front();
    last_.Set(numbers_.of_opening[opening], bars_[opening]);
    return sent_away;
  }
  int32_t set = caps_.set_of_opening[opening];
  while (set >= 0 && !full(set)) set = caps_.parent[set];
  uint64_t sent_away = kNobody;
  if (set >= 0) {
    const size_t last = LastIn(set);
    sent_away = sets_[set].bar = last_.Get(last);
    if (key > sent_away) return key;
    const int32_t left = numbers_.openings[last];
    RemoveLast(left);
    Count(left, set, -1);
  }
  Add(opening, key);
  Count(opening, set, 1);
  return sent_away;
}

// Changes the counts of each set around the opening, up to but excluding `before_set`.
void CappedPosts::Count(int32_t opening, int32_t before_set, int32_t change) {
  for (int32_t set = caps_.set_of_opening[opening]; set != before_set; set = caps_.parent[set])
    sets_[set].count += change;
}

void CappedPosts::Add(int32_t opening, uint64_t key) {
  admitted_.Append(opening, key);
  const absl::Span<uint64_t> keys = admitted_.At(opening);
  std::push_heap(keys.begin(), keys.end());
  last_.Set(numbers_.of_opening[opening], keys.front());
  if (admitted_.full(opening)) bars_[opening] = keys.front();
}

// The last nurse of a set is also the last of her opening.
void CappedPosts::RemoveLast(int32_t opening) {
  const absl::Span<uint64_t> keys = admitted_.At(opening);
  std::pop_heap(keys.begin(), keys.end());
  admitted_.DropBack(opening);
  last_.Set(numbers_.of_opening[opening], admitted_.At(opening).empty() ? 0 : keys.front());
}

Solution CappedPosts::Result() const {
  Solution result;
  result.assigned.assign(nurse_count_, -1);
  result.cutoffs.of_opening.assign(admitted_.opening_count(), kNoCutoff);
  result.cutoffs.of_set.assign(sets_.size(), kNoCutoff);
  for (int32_t opening = 0; opening < admitted_.opening_count(); ++opening) {
    const absl::Span<const uint64_t> keys = admitted_.At(opening);
    for (const uint64_t key : keys) result.assigned[NurseOf(key)] = opening;
    if (admitted_.full(opening) && !keys.empty()) result.cutoffs.of_opening[opening] = keys.front();
  }
  for (size_t i = 0; i < sets_.size(); ++i) {
    const auto set = static_cast<int32_t>(i);
    if (full(set) && sets_[set].count > 0) result.cutoffs.of_set[set] = last_.Get(LastIn(set));
  }
  return result;
}

Solution Solve(const Market& market, const Caps& caps) {
  if (caps.parent.empty()) return Solve(market);
  CappedPosts posts(market.nurse_count(), market.posts, caps);
  {
    WholeLists lists(market);
    ProposeAll(market.nurse_count(), lists, posts);
  }
  return posts.Result();
}

}  // namespace tsunagu::matching::market
