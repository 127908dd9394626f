#ifndef TSUNAGU_COMMON_BASE_LRU_H_
#define TSUNAGU_COMMON_BASE_LRU_H_

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace tsunagu {

// Values by key, at most `bound` of them; the least recently used is evicted first. Not thread-safe.
template <typename Value>
class Lru {
 public:
  explicit Lru(size_t bound) : bound_(bound) {}

  // Returns null when there is none. The value is the most recently used one then.
  Value* Find(absl::string_view key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }
  // The key must have no value.
  void Add(absl::string_view key, Value value) {
    entries_.emplace_front(std::string(key), std::move(value));
    by_key_.emplace(entries_.front().first, entries_.begin());
    if (entries_.size() > bound_) Erase(entries_.back().first);
  }
  void Erase(absl::string_view key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return;
    const auto entry = found->second;
    by_key_.erase(found);
    entries_.erase(entry);
  }
  void Clear() {
    by_key_.clear();
    entries_.clear();
  }

 private:
  using Entries = std::list<std::pair<const std::string, Value>>;

  const size_t bound_;
  Entries entries_;  // last used first
  std::unordered_map<absl::string_view, typename Entries::iterator, absl::Hash<absl::string_view>> by_key_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_LRU_H_
