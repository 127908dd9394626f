#include "services/matching/market/opening_numbers.h"

#include <algorithm>

namespace tsunagu::matching::market {

// Each set gets as many numbers as it has openings, within the numbers of its parent: first its own openings, then the
// sets in it.
OpeningNumbers::OpeningNumbers(const Caps& caps, size_t opening_count)
    : of_opening(opening_count), openings(opening_count), of_set(caps.parent.size()) {
  const size_t sets = of_set.size();
  const auto set_of = [&](size_t opening) { return sets == 0 ? -1 : caps.set_of_opening[opening]; };
  std::vector<size_t> size(sets, 0), next(sets, 0);
  for (size_t opening = 0; opening < opening_count; ++opening) {
    if (set_of(opening) >= 0) ++size[set_of(opening)];
  }
  const std::vector<size_t> own = size;
  for (size_t set = sets; set-- > 0;) {  // a parent's index is smaller
    if (caps.parent[set] >= 0) size[caps.parent[set]] += size[set];
  }
  size_t outside = 0;  // the next number outside all sets
  for (size_t set = 0; set < sets; ++set) {
    size_t& from = caps.parent[set] < 0 ? outside : next[caps.parent[set]];
    of_set[set].first = from;
    of_set[set].end = from += size[set];
    next[set] = of_set[set].first + own[set];
  }
  for (size_t set = 0; set < sets; ++set) next[set] = of_set[set].first;
  for (size_t opening = 0; opening < opening_count; ++opening) {
    of_opening[opening] = set_of(opening) < 0 ? outside++ : next[set_of(opening)]++;
    openings[of_opening[opening]] = static_cast<int32_t>(opening);
  }
}

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

}  // namespace tsunagu::matching::market
