#include "services/matching/market/cap_count.h"

namespace tsunagu::matching::market {

CapCount::CapCount(const Caps& caps, size_t opening_count)
    : caps_(caps),
      numbers_(caps, caps.parent.empty() ? 0 : opening_count),
      count_(caps.parent.size(), 0),
      behind_last_(caps.parent.empty() ? 0 : opening_count) {}

void CapCount::Change(int32_t opening, int32_t more, uint64_t behind_last) {
  if (empty()) return;
  for (int32_t set = SetOf(opening); set >= 0; set = caps_.parent[set]) count_[set] += more;
  behind_last_.Set(numbers_.of_opening[opening], behind_last);
}

int32_t CapCount::OutermostWithOneLeft(int32_t opening) const {
  int32_t outermost = -1;
  for (int32_t set = SetOf(opening); set >= 0; set = caps_.parent[set]) {
    if (caps_.limit[set] - count_[set] == 1) outermost = set;
  }
  return outermost;
}

}  // namespace tsunagu::matching::market
