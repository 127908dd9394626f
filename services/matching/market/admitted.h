#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_ADMITTED_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_ADMITTED_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"

namespace tsunagu::matching::market {

// The keys of the nurses who have the posts of each place for now, in one block of memory. A place takes eight bytes
// for each post, or for each nurse if there are fewer nurses than posts.
class Admitted {
 public:
  Admitted(int32_t nurse_count, absl::Span<const int32_t> posts) : places_(posts.size()) {
    const auto room = [&](size_t place) { return static_cast<size_t>(std::min(posts[place], nurse_count)); };
    size_t total = 0;
    for (size_t place = 0; place < posts.size(); ++place) total += room(place);
    block_ = std::make_unique_for_overwrite<uint64_t[]>(total);  // untouched pages take no memory
    uint64_t* next = block_.get();
    for (size_t place = 0; place < posts.size(); ++place) {
      places_[place] = {.keys = next, .posts = posts[place]};
      next += room(place);
    }
  }

  int32_t place_count() const { return static_cast<int32_t>(places_.size()); }
  int32_t posts(int32_t place) const { return places_[place].posts; }
  bool full(int32_t place) const { return places_[place].count == places_[place].posts; }

  absl::Span<uint64_t> At(int32_t place) { return {places_[place].keys, static_cast<size_t>(places_[place].count)}; }
  absl::Span<const uint64_t> At(int32_t place) const {
    return {places_[place].keys, static_cast<size_t>(places_[place].count)};
  }

  // The place must not be full.
  void Append(int32_t place, uint64_t key) { places_[place].keys[places_[place].count++] = key; }
  // The place must not be empty.
  void DropBack(int32_t place) { --places_[place].count; }

 private:
  struct Place {
    uint64_t* keys = nullptr;
    int32_t count = 0;
    int32_t posts = 0;
  };
  std::vector<Place> places_;
  std::unique_ptr<uint64_t[]> block_;
};

// Replaces the largest key of a heap (std::make_heap, the largest on top) by `key`, and returns the replaced key. Takes
// half the work of a push and a pop.
inline uint64_t ReplaceTop(absl::Span<uint64_t> heap, uint64_t key) {
  const uint64_t top = heap[0];
  size_t at = 0;
  for (size_t child = 1; child < heap.size(); child = 2 * at + 1) {
    if (child + 1 < heap.size() && heap[child + 1] > heap[child]) ++child;
    if (heap[child] <= key) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = key;
  return top;
}

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_ADMITTED_H_
