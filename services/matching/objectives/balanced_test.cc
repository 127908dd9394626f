#include "services/matching/objectives/balanced.h"

#include <functional>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "services/matching/market/capped_posts.h"
#include "services/matching/market/testing/definition.h"
#include "services/matching/market/testing/random_market.h"
#include "services/matching/market/verify.h"

namespace tsunagu::matching::objectives {
namespace {

using market::Assigned;
using market::Caps;
using market::Market;

std::vector<int32_t> CountsOf(const Caps& caps, const Assigned& assigned) {
  std::vector<int32_t> counts(caps.parent.size(), 0);
  for (const int32_t opening : assigned) {
    if (opening < 0) continue;
    for (int32_t set = caps.set_of_opening[opening]; set >= 0; set = caps.parent[set]) ++counts[set];
  }
  return counts;
}

bool Meets(const Market& market, const Caps& caps, const std::vector<int32_t>& floors) {
  const std::vector<int32_t> counts = CountsOf(caps, market::Solve(market, caps).assigned);
  for (size_t set = 0; set < floors.size(); ++set) {
    if (counts[set] < floors[set]) return false;
  }
  return true;
}

// Three adjacent regions of one prefecture; the first has a floor.
struct Case {
  Market market;
  Caps caps;
  std::vector<int32_t> floors;
};

Case Make(uint64_t seed, int32_t prefecture_limit) {
  std::mt19937_64 random(seed);
  market::Shape shape;
  shape.nurses = 4 + static_cast<int32_t>(random() % 5);
  shape.openings = 6;
  shape.fewest_choices = 2;
  shape.most_choices = 6;
  shape.fewest_posts = 1;
  shape.most_posts = 2;
  Case made;
  made.market = market::MarketMaker(seed).Make(shape);
  made.caps = {{-1, 0, 0, 0}, {prefecture_limit, 4, 4, 4}, {1, 1, 2, 2, 3, 3}};
  made.floors = {0, 1 + static_cast<int32_t>(random() % 3), 0, 0};
  return made;
}

TEST(BalancedTest, FloorsAreMetByTheLeastCutsElsewhere) {
  int64_t cut = 0, missed = 0, easy = 0;
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    const Case c = Make(seed, 1000);
    const Balanced balanced = SolveBalanced(c.market, c.caps, c.floors);
    const auto& [assigned, cutoffs] = balanced.solution;
    ASSERT_TRUE(market::Definition(c.market, balanced.caps).Stable(assigned)) << seed;
    ASSERT_TRUE(market::VerifyStable(c.market, balanced.caps, assigned, cutoffs).stable) << seed;
    const std::vector<int32_t> counts = CountsOf(c.caps, assigned);
    ASSERT_EQ(counts[1] < c.floors[1], !balanced.missed.empty()) << seed;
    if (Meets(c.market, c.caps, c.floors)) {
      ++easy;
      ASSERT_EQ(balanced.caps.limit, c.caps.limit) << "nothing is cut where nothing is missed";
      continue;
    }
    // Tries every pair of limits of the two giving regions.
    bool possible = false;
    for (int32_t a = 0; a <= 4; ++a) {
      for (int32_t b = 0; b <= 4; ++b) {
        Caps tried = c.caps;
        tried.limit[2] = a;
        tried.limit[3] = b;
        possible = possible || Meets(c.market, tried, c.floors);
      }
    }
    ASSERT_EQ(possible, balanced.missed.empty()) << seed;
    if (!possible) {
      ++missed;
      ASSERT_EQ(balanced.caps.limit, c.caps.limit) << "nobody gives anything for nothing";
      continue;
    }
    ++cut;
    ASSERT_EQ(balanced.caps.limit[0], c.caps.limit[0]);
    ASSERT_EQ(balanced.caps.limit[1], c.caps.limit[1]) << "the floor's own set gives nothing";
    for (const int32_t set : {2, 3}) {
      for (int32_t more = balanced.caps.limit[set] + 1; more <= c.caps.limit[set]; ++more) {
        Caps tried = balanced.caps;
        tried.limit[set] = more;
        ASSERT_FALSE(Meets(c.market, tried, c.floors)) << seed << ": set " << set << " gives more than it has to";
      }
    }
  }
  EXPECT_GT(cut, 1000);
  EXPECT_GT(missed, 1000);
  EXPECT_GT(easy, 1000);
}

// A limit around all sets: a nurse who is sent away may push others out of the floor's set. The guarantees still hold.
TEST(BalancedTest, WhatItSaysHoldsUnderALimitAroundAll) {
  int64_t overlooked = 0, met = 0;
  for (uint64_t seed = 0; seed < 5000; ++seed) {
    const Case c = Make(seed, 4);
    const Balanced balanced = SolveBalanced(c.market, c.caps, c.floors);
    ASSERT_TRUE(market::Definition(c.market, balanced.caps).Stable(balanced.solution.assigned)) << seed;
    ASSERT_EQ(CountsOf(c.caps, balanced.solution.assigned)[1] < c.floors[1], !balanced.missed.empty());
    met += balanced.missed.empty();
    bool possible = false;
    for (int32_t a = 0; a <= 4; ++a) {
      for (int32_t b = 0; b <= 4; ++b) {
        Caps tried = c.caps;
        tried.limit[2] = a;
        tried.limit[3] = b;
        possible = possible || Meets(c.market, tried, c.floors);
      }
    }
    overlooked += possible && !balanced.missed.empty();
  }
  EXPECT_GT(met, 1000);
  EXPECT_EQ(overlooked, 0);
}

TEST(BalancedTest, SetsWithinOneAnother) {
  // 0: a prefecture; 1: a region that contains a floor (2); 3: a region without one, with one set in it (4).
  const Caps caps = {{-1, 0, 1, 0, 3}, {100, 100, 100, 100, 100}, {2, 4, 4, 3}};
  Market market;
  market.posts = {2, 2, 2, 2};
  market.begin = {0};
  // Four nurses who prefer the second region, and would also go to the first.
  for (int32_t nurse = 0; nurse < 4; ++nurse) {
    market.choices.push_back({1 + nurse % 2, static_cast<uint32_t>(nurse)});
    market.choices.push_back({0, static_cast<uint32_t>(nurse)});
    market.begin.push_back(market.choices.size());
  }
  const Balanced balanced = SolveBalanced(market, caps, std::vector<int32_t>{0, 0, 1, 0, 0});
  EXPECT_TRUE(balanced.missed.empty());
  EXPECT_EQ(balanced.caps.limit, (std::vector<int32_t>{100, 100, 100, 3, 100})) << "the outermost set gives one";
  EXPECT_EQ(balanced.solution.assigned, (Assigned{1, 2, 1, 0})) << "the last of them goes";
}

}  // namespace
}  // namespace tsunagu::matching::objectives
