#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_NEAREST_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_NEAREST_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace tsunagu::matching::market {

// On a plane, in metres. Coordinates between -2^30 and 2^30.
struct Site {
  int32_t x = 0;
  int32_t y = 0;
  uint64_t skills = 0;  // one bit each: of a place what it asks for, of a nurse what she has
};

struct Near {
  uint32_t square = 0;  // of the distance
  int32_t place = -1;
  auto operator<=>(const Near&) const = default;
};

inline constexpr int32_t kFarthestReach = 28'000;

// Finds the places nearest to a nurse among those whose skills she has. Lies on a grid whose rows are read from her own one
// outwards; a row is read no wider than a place could still be among the nearest. Not thread-safe; for two threads, two.
class Nearest {
 public:
  // `reach`: metres, 0 to kFarthestReach; places farther away than that are never found.
  Nearest(absl::Span<const Site> places, int32_t reach);

  // The `most` nearest, nearest first, of equal distances the place with the smaller index. Valid until the next call.
  absl::Span<const Near> Of(const Site& nurse, size_t most);

 private:
  struct Search;

  int32_t RowOf(int64_t y) const { return static_cast<int32_t>((y - south_) >> shift_); }
  int32_t ColumnOf(int64_t x) const { return static_cast<int32_t>((x - west_) >> shift_); }
  void ChooseCells(absl::Span<const Site> places);
  void SortIntoCells(absl::Span<const Site> places);
  void ReadRow(const Search& search, int32_t row, uint32_t apart);
  void ReadBlock(const Search& search, size_t begin);
  void Consider(const Search& search, size_t index, uint32_t square);
  void Keep(const Search& search, Near near);

  const uint32_t reach_square_;
  std::vector<int32_t> half_widths_;  // by square of the width, in parts of 2^20: no less than its root
  int64_t west_ = 0, south_ = 0;
  int shift_ = 0;  // a cell is 2^shift_ metres wide
  int32_t rows_ = 0, columns_ = 0;
  std::vector<int32_t> begin_;  // by cell, row by row, and one more: where its places begin
  // Of all places, cell by cell.
  std::vector<int32_t> x_, y_, place_;
  std::vector<uint64_t> skills_;
  // Of the search at hand.
  std::vector<Near> nearest_;
  uint32_t farthest_ = 0;  // no place farther than that (squared) can be among the nearest
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_NEAREST_H_
