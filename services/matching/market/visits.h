#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_VISITS_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_VISITS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// Half-days of a week of school, then those of one of the long holidays.
inline constexpr int32_t kSlotsOfWeek = 14;
inline constexpr int32_t kSlots = 2 * kSlotsOfWeek;

// One nurse whom a supply could send to a place, which is one half-day of an opening. Of several nurses each is a
// visit.
struct Visit {
  int32_t place = -1;
  uint32_t merit = 0;  // what the place goes by: the smaller merit goes first, then as VisitMarket says
};

// What a supply can do, within one another: visits in each half-day, in a week of each kind, in both together. 0 or
// more.
struct VisitLimits {
  std::array<int32_t, kSlots> at_once{};
  std::array<int32_t, 2> weekly{};
  int32_t all = 0;
};

// Who could visit whom. Places are as in a Market, and so are the sets around them; a supply may have many places.
// Places and sets take visits by merit, of equal ones by the supplies' lots, of those of one supply by its own list.
// Whoever fills it makes sure that visits of the same supply and place follow one another and have the same merit, and
// that lots are a permutation of the supplies.
struct VisitMarket {
  std::vector<size_t> begin = {0};  // by supply, and one more: where its visits begin
  std::vector<Visit> visits;        // of all supplies, one after another; of one supply, first choice first. Below 2^32
  std::vector<VisitLimits> limits;  // by supply
  std::vector<int32_t> lots;        // by supply: its rank in the lottery, 0 first; every rank once
  std::vector<int32_t> posts;       // by place: nurses wanted, 0 or more
  std::vector<int32_t> slots;       // by place: its half-day, 0 to below kSlots

  int32_t supply_count() const { return static_cast<int32_t>(limits.size()); }
};

// Supplies propose, and each place and each set sends away the last where it is full. By visit: whether it is made. The
// result is stable: there is no visit that is not made, and that its supply would take beside or instead of others that
// it makes, and the place and all sets around it as well. Of all such results every supply likes this one best: given
// all visits of this and of another one, it would choose those of this one.
std::vector<bool> Solve(const VisitMarket& market, const Caps& caps);

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_VISITS_H_
