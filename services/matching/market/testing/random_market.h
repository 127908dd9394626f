#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_TESTING_RANDOM_MARKET_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_TESTING_RANDOM_MARKET_H_

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// The parameters of a random market. For tests only.
struct Shape {
  int32_t nurses = 0;
  int32_t openings = 0;
  int32_t fewest_choices = 0;  // of a nurse
  int32_t most_choices = 3;
  int32_t fewest_posts = 0;  // of an opening
  int32_t most_posts = 2;
  int32_t merits = 4;  // number of different merits; with few, lots decide
  int32_t sets = 0;
  int32_t most_limit = 3;  // of a set
};

// Makes the same market from the same shape and seed on every machine.
class MarketMaker {
 public:
  explicit MarketMaker(uint64_t seed) : random_(seed) {}

  Market Make(const Shape& shape) {
    Market market;
    std::vector<int32_t> openings = Shuffled(shape.openings);
    for (int32_t nurse = 0; nurse < shape.nurses; ++nurse) {
      const int32_t most = std::min(shape.most_choices, shape.openings);
      const int32_t count =
          std::min(shape.fewest_choices, most) + Below(most - std::min(shape.fewest_choices, most) + 1);
      for (int32_t i = 0; i < count; ++i) {
        std::swap(openings[i], openings[i + Below(shape.openings - i)]);
        market.choices.push_back({openings[i], static_cast<uint32_t>(Below(shape.merits))});
      }
      market.begin.push_back(market.choices.size());
    }
    for (int32_t i = 0; i < shape.openings; ++i) {
      market.posts.push_back(shape.fewest_posts + Below(shape.most_posts - shape.fewest_posts + 1));
    }
    return market;
  }

  Caps MakeCaps(const Shape& shape) {
    Caps caps;
    for (int32_t set = 0; set < shape.sets; ++set) {
      caps.parent.push_back(Below(set + 1) - 1);
      caps.limit.push_back(Below(shape.most_limit + 1));
    }
    for (int32_t opening = 0; opening < shape.openings; ++opening)
      caps.set_of_opening.push_back(Below(shape.sets + 1) - 1);
    return caps;
  }

  // Returns a number in [0, bound).
  int32_t Below(int32_t bound) { return static_cast<int32_t>(random_() % static_cast<uint64_t>(bound)); }

  std::vector<int32_t> Shuffled(int32_t count) {
    std::vector<int32_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    for (int32_t i = count - 1; i > 0; --i) std::swap(order[i], order[Below(i + 1)]);
    return order;
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_TESTING_RANDOM_MARKET_H_
