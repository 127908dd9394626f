#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_CHECK_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_CHECK_H_

#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

enum class FaultKind {
  kWrongSizes,       // arrays that say something of the same things differ in length; what needs them was not checked
  kListsDisordered,  // the nurse's choices end before they begin, or not where the next list begins; none was looked at
  kUnknownPlace,     // the nurse has a choice that is no place
  kPlaceTwice,       // the nurse has the place twice
  kNegativePosts,    // of the place
  kUnknownParent,    // the set lies in one that there is not
  kParentNotBefore,  // the set lies in one with its own or a larger index; every cycle has such a set
  kNegativeLimit,    // of the set
  kUnknownSet,       // the place lies in a set that there is not
};

// What is wrong, and with whom: -1 where it is of no nurse, place or set.
struct Fault {
  FaultKind kind = FaultKind::kWrongSizes;
  int32_t nurse = -1;
  int32_t place = -1;
  int32_t set = -1;
  bool operator==(const Fault&) const = default;
};

// Everything that keeps a market with its caps from being solved or verified; both rely on there being nothing.
// `Caps()` are no caps. One pass over the choices, and four bytes a place.
std::vector<Fault> CheckMarket(const Market& market, const Caps& caps);

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_CHECK_H_
