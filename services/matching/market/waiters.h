#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_WAITERS_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_WAITERS_H_

#include <cstdint>
#include <vector>

#include "services/matching/market/seating.h"

namespace tsunagu::matching::market {

// A nurse who prefers this choice of hers to what she has.
struct Waiter {
  int32_t nurse = -1;
  int32_t rank = 0;
  uint64_t key = 0;  // by which openings order nurses
};

// Where the free post may be used: at the opening alone, or at all openings that lacked room because of it.
enum class Where { kHere, kAround };

// Finds the nurses who would take what has become free.
class Waiters {
 public:
  // Keeps a reference to the seating, which must outlive this object. `stable`: the matching was stable before
  // something became free.
  Waiters(const Seating& seating, bool stable) : seating_(seating), stable_(stable) {}

  // Return the nurses who prefer an opening that has room now, because something became free at `freed`: the first one
  // in the order in which openings take them (its nurse is -1 if there is none), and all of them in that order.
  Waiter First(int32_t freed, Where where) const;
  std::vector<Waiter> All(int32_t freed, Where where) const;

  // For an opening with a free post in a full set: returns the nurses who prefer the opening and go before the last
  // nurse of the set.
  std::vector<Waiter> BeforeLastOfSet(int32_t opening) const;

 private:
  int32_t FirstIndex(int32_t opening, int32_t freed, int32_t set) const;
  template <typename Do>
  void ForEach(int32_t freed, Where where, Do each) const;

  const Seating& seating_;
  const bool stable_;
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_WAITERS_H_
