#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_HEAP_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_HEAP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tsunagu::matching::market {

// Puts `key` into a heap (of std::make_heap, the largest on top) instead of the largest, which it returns. Half the work
// of a pop and a push.
inline uint64_t ReplaceTop(std::vector<uint64_t>& heap, uint64_t key) {
  uint64_t* const keys = heap.data();
  const size_t size = heap.size();
  const uint64_t top = keys[0];
  size_t at = 0;
  for (size_t child = 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size && keys[child + 1] > keys[child]) ++child;
    if (keys[child] <= key) break;
    keys[at] = keys[child];
    at = child;
  }
  keys[at] = key;
  return top;
}

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_HEAP_H_
