#include "services/matching/market/nearest.h"

#include <algorithm>
#include <bit>

namespace tsunagu::matching::market {
namespace {

constexpr size_t kPlacesOfLeaf = 16;  // at most

}  // namespace

Nearest::Nearest(absl::Span<const Site> places) {
  while (kPlacesOfLeaf << levels_ < places.size()) ++levels_;
  lines_.resize(size_t{1} << levels_);
  for (const Site& site : places) {
    places_.push_back({site.x, site.y, site.skills, static_cast<int32_t>(places_.size())});
  }
  Halve(1, 0, leaves());
}

// By a line across the longer side.
void Nearest::Halve(size_t node, size_t first_leaf, size_t last_leaf) {
  if (last_leaf - first_leaf == 1) return;
  const size_t middle_leaf = (first_leaf + last_leaf) / 2;
  const auto begin = places_.begin() + static_cast<std::ptrdiff_t>(BeginOf(first_leaf));
  const auto middle = places_.begin() + static_cast<std::ptrdiff_t>(BeginOf(middle_leaf));
  const auto end = places_.begin() + static_cast<std::ptrdiff_t>(BeginOf(last_leaf));
  const auto by_x = [](const Place& a, const Place& b) { return a.x < b.x; };
  const auto by_y = [](const Place& a, const Place& b) { return a.y < b.y; };
  const auto [west, east] = std::minmax_element(begin, end, by_x);
  const auto [south, north] = std::minmax_element(begin, end, by_y);
  Line& line = lines_[node];
  line.halves_y = int64_t{north->y} - south->y > int64_t{east->x} - west->x;
  if (line.halves_y) {
    std::nth_element(begin, middle, end, by_y);
  } else {
    std::nth_element(begin, middle, end, by_x);
  }
  line.at = line.halves_y ? middle->y : middle->x;
  Halve(2 * node, first_leaf, middle_leaf);
  Halve(2 * node + 1, middle_leaf, last_leaf);
}

absl::Span<const Near> Nearest::Of(const Site& nurse, int32_t reach, size_t most) {
  nearest_.clear();
  farthest_ = int64_t{reach} * reach;
  if (most == 0) return nearest_;
  size_t left = 0;
  later_[left++] = {1, 0, 0};
  while (left > 0) {
    Part part = later_[--left];
    if (part.Square() > farthest_) continue;
    while (part.node < leaves()) {
      const Line& line = lines_[part.node];
      const int64_t beyond = int64_t{line.halves_y ? nurse.y : nurse.x} - line.at;
      part.node = 2 * part.node + (beyond >= 0);
      Part& other = later_[left];
      other = {part.node ^ 1, line.halves_y ? part.dx : beyond, line.halves_y ? beyond : part.dy};
      left += other.Square() <= farthest_;
    }
    Read(nurse, most, part.node - leaves());
  }
  return nearest_;
}

// Into its place among the nearest. Most belong near the end, hence from there on. Inlined, since it is short and called for
// every place that comes near.
inline void Nearest::Keep(Near near, size_t most) {
  if (nearest_.size() < most) nearest_.emplace_back();
  size_t at = nearest_.size() - 1;
  if (nearest_[at] < near) return;
  for (; at > 0 && near < nearest_[at - 1]; --at) nearest_[at] = nearest_[at - 1];
  nearest_[at] = near;
  if (nearest_.size() == most) farthest_ = nearest_.back().square();
}

// First which places of the leaf could be among the nearest, without a branch: nobody could predict it.
void Nearest::Read(const Site& nurse, size_t most, size_t leaf) {
  const Place* const places = places_.data() + BeginOf(leaf);
  const size_t count = BeginOf(leaf + 1) - BeginOf(leaf);
  int64_t squares[kPlacesOfLeaf];
  uint32_t fit = 0;
  for (size_t i = count; i-- > 0;) {
    const int64_t dx = int64_t{places[i].x} - nurse.x, dy = int64_t{places[i].y} - nurse.y;
    squares[i] = dx * dx + dy * dy;
    fit = 2 * fit + ((squares[i] <= farthest_) & ((places[i].skills & ~nurse.skills) == 0));
  }
  for (; fit != 0; fit &= fit - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(fit));
    Keep(Near::At(static_cast<uint32_t>(squares[i]), places[i].place), most);
  }
}

}  // namespace tsunagu::matching::market
