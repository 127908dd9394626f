#include "services/matching/market/nearest.h"

#include <algorithm>
#include <limits>

namespace tsunagu::matching::market {
namespace {

constexpr size_t kLanes = 8;  // places whose distance is worked out at once
constexpr int kWidthShift = 20;
constexpr int kSmallestCellShift = 10;

int32_t RootRoundedUp(int64_t square) {
  int64_t root = 0;
  for (int64_t bit = int64_t{1} << 20; bit > 0; bit /= 2) {
    if ((root + bit) * (root + bit) <= square) root += bit;
  }
  return static_cast<int32_t>(root + (root * root < square));
}

}  // namespace

struct Nearest::Search {
  const Site& nurse;
  size_t most = 0;
};

Nearest::Nearest(absl::Span<const Site> places, int32_t reach)
    : reach_square_(static_cast<uint32_t>(reach) * static_cast<uint32_t>(reach)) {
  for (int64_t part = 1; part <= (reach_square_ >> kWidthShift) + 1; ++part) {
    half_widths_.push_back(RootRoundedUp(part << kWidthShift));
  }
  ChooseCells(places);
  SortIntoCells(places);
}

// As small as there are places for: the grid, too, should fit into a cache.
void Nearest::ChooseCells(absl::Span<const Site> places) {
  if (places.empty()) return;
  const auto [west, east] =
      std::minmax_element(places.begin(), places.end(), [](const Site& a, const Site& b) { return a.x < b.x; });
  const auto [south, north] =
      std::minmax_element(places.begin(), places.end(), [](const Site& a, const Site& b) { return a.y < b.y; });
  west_ = west->x;
  south_ = south->y;
  shift_ = kSmallestCellShift;
  const auto cells = [&] { return (int64_t{RowOf(north->y)} + 1) * (int64_t{ColumnOf(east->x)} + 1); };
  while (cells() > 4 * static_cast<int64_t>(places.size()) + 64) ++shift_;
  rows_ = RowOf(north->y) + 1;
  columns_ = ColumnOf(east->x) + 1;
}

void Nearest::SortIntoCells(absl::Span<const Site> places) {
  const auto cell_of = [&](const Site& site) {
    return static_cast<size_t>(RowOf(site.y)) * static_cast<size_t>(columns_) + static_cast<size_t>(ColumnOf(site.x));
  };
  begin_.assign(static_cast<size_t>(rows_) * static_cast<size_t>(columns_) + 1, 0);
  for (const Site& site : places) ++begin_[cell_of(site) + 1];
  for (size_t cell = 1; cell < begin_.size(); ++cell) begin_[cell] += begin_[cell - 1];
  std::vector<int32_t> next(begin_.begin(), begin_.end() - 1);
  for (std::vector<int32_t>* numbers : {&x_, &y_, &place_}) numbers->resize(places.size());
  skills_.resize(places.size());
  for (size_t place = 0; place < places.size(); ++place) {
    const auto index = static_cast<size_t>(next[cell_of(places[place])]++);
    x_[index] = places[place].x;
    y_[index] = places[place].y;
    place_[index] = static_cast<int32_t>(place);
    skills_[index] = places[place].skills;
  }
}

absl::Span<const Near> Nearest::Of(const Site& nurse, size_t most) {
  nearest_.clear();
  farthest_ = reach_square_;
  if (most == 0 || rows_ == 0) return nearest_;
  const Search search = {nurse, most};
  const int64_t own = (nurse.y - south_) >> shift_;
  // How far she is from the row so many rows above or below hers, squared; the largest number where that is too far.
  const auto apart = [&](int64_t row) {
    const int64_t low = south_ + (row << shift_), high = low + (int64_t{1} << shift_) - 1;
    const int64_t metres = std::max({low - nurse.y, nurse.y - high, int64_t{0}});
    return metres > kFarthestReach ? std::numeric_limits<uint32_t>::max() : static_cast<uint32_t>(metres * metres);
  };
  bool above = true, below = true;
  for (int64_t step = 0; above || below; ++step) {
    const uint32_t up = apart(own + step), down = apart(own - step);
    above = above && up <= farthest_ && own + step < rows_;
    if (above && own + step >= 0) ReadRow(search, static_cast<int32_t>(own + step), up);
    below = below && step > 0 ? down <= farthest_ && own - step >= 0 : below;
    if (step > 0 && below && own - step < rows_) ReadRow(search, static_cast<int32_t>(own - step), down);
  }
  return nearest_;
}

// `apart`: how far the nurse is from the row, squared.
void Nearest::ReadRow(const Search& search, int32_t row, uint32_t apart) {
  const int64_t half = half_widths_[(farthest_ - apart) >> kWidthShift];
  const int64_t west = (search.nurse.x - half - west_) >> shift_, east = (search.nurse.x + half - west_) >> shift_;
  if (east < 0 || west >= columns_) return;
  const int32_t* cells = &begin_[static_cast<size_t>(row) * static_cast<size_t>(columns_)];
  auto index = static_cast<size_t>(cells[std::max<int64_t>(west, 0)]);
  const auto end = static_cast<size_t>(cells[std::min<int64_t>(east, columns_ - 1) + 1]);
  for (; index + kLanes <= end; index += kLanes) ReadBlock(search, index);
  for (; index < end; ++index) {
    const auto dx = static_cast<uint32_t>(x_[index] - search.nurse.x), dy = static_cast<uint32_t>(y_[index] - search.nurse.y);
    Consider(search, index, dx * dx + dy * dy);
  }
}

// Written so that compilers make vectors of it.
void Nearest::ReadBlock(const Search& search, size_t begin) {
  const int32_t *x = &x_[begin], *y = &y_[begin];
  uint32_t squares[kLanes];
  uint32_t near = 0;
  for (size_t lane = 0; lane < kLanes; ++lane) {
    const auto dx = static_cast<uint32_t>(x[lane] - search.nurse.x), dy = static_cast<uint32_t>(y[lane] - search.nurse.y);
    squares[lane] = dx * dx + dy * dy;
    near |= squares[lane] <= farthest_;
  }
  if (near == 0) return;
  for (size_t lane = 0; lane < kLanes; ++lane) Consider(search, begin + lane, squares[lane]);
}

void Nearest::Consider(const Search& search, size_t index, uint32_t square) {
  if (square > farthest_ || (skills_[index] & ~search.nurse.skills) != 0) return;
  Keep(search, {square, place_[index]});
}

// The nearest are few and mostly found in order: they are kept sorted.
void Nearest::Keep(const Search& search, Near near) {
  if (nearest_.size() == search.most) {
    if (nearest_.back() < near) return;
    nearest_.pop_back();
  }
  nearest_.insert(std::upper_bound(nearest_.begin(), nearest_.end(), near), near);
  if (nearest_.size() == search.most) farthest_ = nearest_.back().square;
}

}  // namespace tsunagu::matching::market
