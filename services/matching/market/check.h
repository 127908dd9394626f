#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_CHECK_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_CHECK_H_

#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

enum class FaultKind {
  kWrongSizes,       // arrays about the same objects differ in length; checks that need them were skipped
  kListsDisordered,  // the nurse's choices end before they begin, or do not end where the next list begins; no choice
                     // was checked
  kUnknownOpening,   // the nurse has a choice that is not an opening
  kOpeningTwice,     // the nurse has the opening twice on her list
  kNegativePosts,    // the opening has a negative number of posts
  kUnknownParent,    // the set lies in an unknown set
  kParentNotBefore,  // the set lies in a set with the same or a larger index; every cycle contains such a set
  kNegativeLimit,    // the set has a negative limit
  kUnknownSet,       // the opening lies in an unknown set
};

// One fault, and the nurse, opening and set that it is about; -1 for those that it is not about.
struct Fault {
  FaultKind kind = FaultKind::kWrongSizes;
  int32_t nurse = -1;
  int32_t opening = -1;
  int32_t set = -1;
  bool operator==(const Fault&) const = default;
};

// Returns every fault that makes it impossible to solve or verify a market with its caps. Solver and verifier require
// that there is none. Pass `Caps()` for a market without caps. Takes one pass over the choices, and four bytes an
// opening.
std::vector<Fault> CheckMarket(const Market& market, const Caps& caps);

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_CHECK_H_
