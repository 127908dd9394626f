#ifndef TSUNAGU_SERVICES_MATCHING_RULES_MARKET_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_MARKET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/market.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// What the order of PriorityKey goes by before the lot, as one number: the smaller one goes first.
uint32_t MeritOf(const Nurse& nurse, const Opening& opening);

// Nurses in the order in which lots are drawn for them: by lot, then by name.
std::vector<int32_t> NursesByLot(const Instance& instance);

// By nurse her rank in that order.
std::vector<int32_t> RankLots(const Instance& instance);

// By opening the nurses that it wants.
std::vector<int32_t> PostsOf(const Instance& instance);

// Sets within one another, as the market wants them; their indexes are those of the instance's caps.
market::Caps ToCaps(const Instance& instance);

// A market numbers nurses by lot, an instance as it pleases.
struct DrawnMarket {
  market::Market market;
  std::vector<int32_t> nurses;  // by number in the market: the nurse in the instance

  // What each nurse has, in the order of the instance, and in that of the market.
  std::vector<int32_t> ByNurse(absl::Span<const int32_t> by_number) const;
  std::vector<int32_t> ByNumber(absl::Span<const int32_t> by_nurse) const;
};

// The whole lists of all nurses. None where they have more than `most` choices in all.
std::optional<DrawnMarket> ToMarket(const Instance& instance, size_t most);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_MARKET_H_
