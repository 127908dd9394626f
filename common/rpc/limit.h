#ifndef TSUNAGU_COMMON_RPC_LIMIT_H_
#define TSUNAGU_COMMON_RPC_LIMIT_H_

#include <cstdint>

#include "absl/time/time.h"

// The rules by which calls are admitted: pure arithmetic (docs/adr/0015).
namespace tsunagu::rpc {

// The bounds of a limit, and how long a call may wait in the queue before the limit is too high.
struct LimitRule {
  int floor = 1;
  int ceiling = 1;
  absl::Duration target = absl::Milliseconds(20);
};

// What happened under a limit during a period.
struct LimitWindow {
  int64_t waits = 0;  // calls whose wait for a thread is known
  absl::Duration shortest_wait = absl::InfiniteDuration();
  bool refused = false;  // whether a call was refused because of the limit
};

// Returns the next limit. Additive increase while calls are refused and threads are free; multiplicative decrease while
// even the shortest wait exceeds the target, which distinguishes a standing queue from a burst.
int NextLimit(const LimitRule& rule, int limit, const LimitWindow& window);

// Returns whether a holder may take `amount` more, under a limit for all. `mine` is held by this holder and `all` by
// everybody; `holders` counts them, this one included. A holder with less than an equal share may enter while there is
// any room; a holder with more only while the share of one newcomer stays free.
bool MayEnter(int64_t limit, int64_t all, int64_t mine, int64_t holders, int64_t amount = 1);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_LIMIT_H_
