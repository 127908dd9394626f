#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_VISITS_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_VISITS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// The half-days of a school week, then those of a week in the long holidays.
inline constexpr int32_t kSlotsOfWeek = 14;
inline constexpr int32_t kSlots = 2 * kSlotsOfWeek;

// One nurse whom a supply could send to an opening. If a supply can send several nurses, each is a visit. In a market
// of visits an opening is one half-day of an opening of the round.
struct Visit {
  int32_t opening = -1;
  uint32_t merit = 0;  // the opening takes the smaller merit first; VisitMarket defines the order of equal merits
};

// The nested limits of a supply: visits in each half-day, in a week of each kind, in both kinds together. 0 or more.
struct VisitLimits {
  std::array<int32_t, kSlots> at_once{};
  std::array<int32_t, 2> weekly{};
  int32_t all = 0;
};

// All possible visits. Openings, and the sets around them, are as in a Market; a supply may have many openings.
// Openings and sets order visits by merit, then by the supplies' lots, then by the supply's own list. The code that
// fills a VisitMarket ensures that visits of the same supply and opening are adjacent and have the same merit, and that
// lots are a permutation of the supplies.
struct VisitMarket {
  std::vector<size_t> begin = {0};  // by supply, plus one: the index of its first visit
  std::vector<Visit> visits;        // of all supplies, one list after another; of one supply, first choice first; fewer
                                    // than 2^32
  std::vector<VisitLimits> limits;  // by supply
  std::vector<int32_t> lots;        // by supply: its rank in the lottery, 0 first; each rank once
  std::vector<int32_t> posts;       // by opening: nurses wanted, 0 or more
  std::vector<int32_t> slots;       // by opening: its half-day, 0 to below kSlots

  int32_t supply_count() const { return static_cast<int32_t>(limits.size()); }
};

// Supplies propose, and each full opening and set sends away its last visit. Returns, by visit, whether it is made. The
// result is stable: there is no further visit that its supply would make, in addition to its visits or instead of some
// of them, and that the opening and all sets around it would also take. Every supply prefers this result to any other
// stable result: offered the visits of both, it would choose those of this one.
std::vector<bool> Solve(const VisitMarket& market, const Caps& caps);

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_VISITS_H_
