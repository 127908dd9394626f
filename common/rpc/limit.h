#ifndef TSUNAGU_COMMON_RPC_LIMIT_H_
#define TSUNAGU_COMMON_RPC_LIMIT_H_

#include <cstdint>

#include "absl/time/time.h"

// The rules by which calls are admitted: pure arithmetic (docs/adr/0015).
namespace tsunagu::rpc {

// Between which bounds a limit moves, and how long a call may stand in the queue before there are too many.
struct LimitRule {
  int floor = 1;
  int ceiling = 1;
  absl::Duration target = absl::Milliseconds(20);
};

// What happened under a limit for a while.
struct LimitWindow {
  int64_t waits = 0;  // calls whose wait for a thread is known
  absl::Duration shortest_wait = absl::InfiniteDuration();
  bool refused = false;  // somebody was, because of the limit
};

// Additive increase while calls are refused and threads are free; multiplicative decrease while even the luckiest
// call waits longer than the target, which is what tells a standing queue from a burst.
int NextLimit(const LimitRule& rule, int limit, const LimitWindow& window);

// Whether `amount` more may come in, under a limit for all. `mine` and `all` are there already, held by `holders`, the
// one who asks included. Whoever has less than an equal share comes in while there is any room; whoever has more, only
// while the share of one newcomer stays free.
bool MayEnter(int64_t limit, int64_t all, int64_t mine, int64_t holders, int64_t amount = 1);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_LIMIT_H_
