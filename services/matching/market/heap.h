#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_HEAP_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_HEAP_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace tsunagu::matching::market {

// Puts `key` into a heap (of std::make_heap, the largest on top) instead of the largest, which it returns. Half the work
// of a push and a pop.
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

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_HEAP_H_
