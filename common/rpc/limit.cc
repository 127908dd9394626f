#include "common/rpc/limit.h"

#include <algorithm>

namespace tsunagu::rpc {

int NextLimit(const LimitRule& rule, int limit, const LimitWindow& window) {
  if (window.waits == 0) return limit;
  if (window.shortest_wait > rule.target) return std::max(rule.floor, limit * 7 / 10);
  if (window.refused && window.shortest_wait <= rule.target / 2) {
    return std::min(rule.ceiling, limit + std::max(1, limit / 10));
  }
  return limit;
}

bool MayEnter(int64_t limit, int64_t all, int64_t mine, int64_t holders, int64_t amount) {
  if (all + amount > limit) return false;
  const int64_t share = std::max<int64_t>(1, limit / (std::max<int64_t>(holders, 1) + 1));
  return mine < share || all + amount <= limit - share;
}

}  // namespace tsunagu::rpc
