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

bool MayEnter(int limit, int all, int mine, int callers) {
  if (all >= limit) return false;
  const int share = std::max(1, limit / (std::max(callers, 1) + 1));
  return mine < share || all < limit - share;
}

}  // namespace tsunagu::rpc
