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

// Returns the part of PriorityKey before the lot, as one number: the smaller number goes first.
uint32_t MeritOf(const Nurse& nurse, const Opening& opening);

// Returns the nurses in the order of their lots, then of their names.
std::vector<int32_t> NursesByLot(const Instance& instance);

// Returns, by nurse, her rank in that order.
std::vector<int32_t> RankLots(const Instance& instance);

// Returns, by opening, how many nurses it wants.
std::vector<int32_t> PostsOf(const Instance& instance);

// Returns the caps as nested sets, in the form that the market requires. The index of a set is the index of its cap.
market::Caps ToCaps(const Instance& instance);

// A market whose nurses are numbered by lot. The numbers in an Instance are arbitrary.
struct DrawnMarket {
  market::Market market;
  std::vector<int32_t> nurses;  // by number in the market: the index in the instance

  // Convert an array by nurse between the numbering of the instance and that of the market.
  std::vector<int32_t> ByNurse(absl::Span<const int32_t> by_number) const;
  std::vector<int32_t> ByNumber(absl::Span<const int32_t> by_nurse) const;
};

// Returns the whole lists of all nurses. Returns nothing if they have more than `most` choices in total.
std::optional<DrawnMarket> ToMarket(const Instance& instance, size_t most);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_MARKET_H_
