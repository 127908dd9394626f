#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_ADMITTED_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_ADMITTED_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"

namespace tsunagu::matching::market {

// The keys of the nurses who have the posts of each opening for now, in one block of memory. An opening takes eight
// bytes for each post, or for each nurse if there are fewer nurses than posts.
class Admitted {
 public:
  Admitted(int32_t nurse_count, absl::Span<const int32_t> posts) : openings_(posts.size()) {
    const auto room = [&](size_t opening) { return static_cast<size_t>(std::min(posts[opening], nurse_count)); };
    size_t total = 0;
    for (size_t opening = 0; opening < posts.size(); ++opening) total += room(opening);
    block_ = std::make_unique_for_overwrite<uint64_t[]>(total);  // untouched pages take no memory
    uint64_t* next = block_.get();
    for (size_t opening = 0; opening < posts.size(); ++opening) {
      openings_[opening] = {.keys = next, .posts = posts[opening]};
      next += room(opening);
    }
  }

  int32_t opening_count() const { return static_cast<int32_t>(openings_.size()); }
  int32_t posts(int32_t opening) const { return openings_[opening].posts; }
  bool full(int32_t opening) const { return openings_[opening].count == openings_[opening].posts; }

  absl::Span<uint64_t> At(int32_t opening) {
    return {openings_[opening].keys, static_cast<size_t>(openings_[opening].count)};
  }
  absl::Span<const uint64_t> At(int32_t opening) const {
    return {openings_[opening].keys, static_cast<size_t>(openings_[opening].count)};
  }

  // The opening must not be full.
  void Append(int32_t opening, uint64_t key) { openings_[opening].keys[openings_[opening].count++] = key; }
  // The opening must not be empty.
  void DropBack(int32_t opening) { --openings_[opening].count; }

 private:
  struct Opening {
    uint64_t* keys = nullptr;
    int32_t count = 0;
    int32_t posts = 0;
  };
  std::vector<Opening> openings_;
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
