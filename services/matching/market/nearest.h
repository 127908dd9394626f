#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_NEAREST_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_NEAREST_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace tsunagu::matching::market {

// On a plane, in metres. Coordinates between -2^29 and 2^29.
struct Site {
  int32_t x = 0;
  int32_t y = 0;
  uint64_t skills = 0;  // one bit each: of a place what it asks for, of a nurse what she has
};

// A place and how far away it is. One number, so that they are quickly put in order: nearest first, of equal distances the
// place with the smaller index.
struct Near {
  uint64_t key = ~uint64_t{0};  // farther than any place

  static Near At(uint32_t square, int32_t place) { return {uint64_t{square} << 32 | static_cast<uint32_t>(place)}; }
  uint32_t square() const { return static_cast<uint32_t>(key >> 32); }  // of the distance
  int32_t place() const { return static_cast<int32_t>(key); }
  auto operator<=>(const Near&) const = default;
};

inline constexpr int32_t kFarthestReach = 65'535;  // metres: its square has 32 bits

// Finds the places nearest to a nurse among those whose skills she has. The places lie in the leaves of a tree that halves
// them again and again, to the west and east or to the south and north of a line (a k-d tree); it is read from the nurse
// outwards. Not thread-safe; for two threads, a copy each.
class Nearest {
 public:
  explicit Nearest(absl::Span<const Site> places);

  // The `most` nearest up to `reach` metres away, in order. `reach`: 0 to kFarthestReach. Takes time for every place that
  // comes near, as much as it has to be compared with: meant for lists, not for all places. Valid until the next call.
  absl::Span<const Near> Of(const Site& nurse, int32_t reach, size_t most);

 private:
  struct Place {
    int32_t x = 0, y = 0;
    uint64_t skills = 0;
    int32_t place = -1;
  };
  // A line; the first half of the places lies to its west or south, the other to its east or north, any of them on it.
  struct Line {
    int32_t at = 0;
    bool halves_y = false;
  };
  // A part of the tree, and how far the nurse is from it, at least, each way.
  struct Part {
    size_t node = 0;
    int64_t dx = 0, dy = 0;
    int64_t Square() const { return dx * dx + dy * dy; }
  };

  size_t leaves() const { return lines_.size(); }
  size_t BeginOf(size_t leaf) const { return places_.size() * leaf >> levels_; }
  void Halve(size_t node, size_t first_leaf, size_t last_leaf);
  void Read(const Site& nurse, size_t most, size_t leaf);
  void Keep(Near near, size_t most);

  int levels_ = 0;             // of lines above each leaf
  std::vector<Place> places_;  // leaf by leaf
  std::vector<Line> lines_;   // by node: the halves of node n are 2n and 2n + 1, from 1 on; as many numbers more are leaves
  // Of the search at hand.
  std::array<Part, 32> later_;  // every level leaves one part for later, at most
  std::vector<Near> nearest_;
  int64_t farthest_ = 0;  // no place farther than that (squared) can be among the nearest
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_NEAREST_H_
