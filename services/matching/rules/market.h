#ifndef TSUNAGU_SERVICES_MATCHING_RULES_MARKET_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_MARKET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "services/matching/market/market.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// What the order of PriorityKey goes by before the lot, as one number: the smaller one goes first.
uint32_t MeritOf(const Nurse& nurse, const Opening& opening);

// By nurse her rank: by lot, then by name.
std::vector<int32_t> RankLots(const Instance& instance);

// By opening the nurses that it wants.
std::vector<int32_t> PostsOf(const Instance& instance);

// Sets within one another, as the market wants them; their indexes are those of the instance's caps.
market::Caps ToCaps(const Instance& instance);

// The whole lists of all nurses. None where they have more than `most` choices in all.
std::optional<market::Market> ToMarket(const Instance& instance, size_t most);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_MARKET_H_
