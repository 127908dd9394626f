#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_WAITERS_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_WAITERS_H_

#include <cstdint>
#include <vector>

#include "services/matching/market/seating.h"

namespace tsunagu::matching::market {

// A nurse who would rather have this choice of hers than what she has.
struct Waiter {
  int32_t nurse = -1;
  int32_t rank = 0;
  uint64_t key = 0;  // where she stands in the order of places
};

// Where somebody may take what became free: at the place alone, or at all places that had no room because of it.
enum class Where { kHere, kAround };

// Who would take what has become free.
class Waiters {
 public:
  // Keeps a reference to the seating. `stable`: it was, before something became free.
  Waiters(const Seating& seating, bool stable) : seating_(seating), stable_(stable) {}

  // Those who would rather have a place that has room now, since something has become free at `freed`: the first in the
  // order in which places take them (of nurse -1: there is none), and all in that order.
  Waiter First(int32_t freed, Where where) const;
  std::vector<Waiter> All(int32_t freed, Where where) const;

  // Of a place with a free post in a full set: those who would rather have it, and go before the last of the set.
  std::vector<Waiter> BeforeLastOfSet(int32_t place) const;

 private:
  int32_t FirstPosition(int32_t place, int32_t freed, int32_t set) const;
  template <typename Do>
  void ForEach(int32_t freed, Where where, Do each) const;

  const Seating& seating_;
  const bool stable_;
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_WAITERS_H_
