#include "services/matching/objectives/least_moves.h"

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "services/matching/market/testing/definition.h"
#include "services/matching/market/testing/random_market.h"
#include "services/matching/objectives/rotations.h"

namespace tsunagu::matching::objectives {
namespace {

using market::Assigned;
using market::Caps;
using market::Market;

// Returns every stable matching, by trying all assignments.
std::vector<Assigned> AllStable(const Market& market) {
  const Caps none;
  const market::Definition definition(market, none);
  std::vector<Assigned> stable;
  Assigned assigned(market.nurse_count(), -1);
  const std::function<void(int32_t)> assign = [&](int32_t nurse) {
    if (nurse == market.nurse_count()) {
      if (definition.Stable(assigned)) stable.push_back(assigned);
      return;
    }
    assigned[nurse] = -1;
    assign(nurse + 1);
    for (const market::Choice& choice : market.ChoicesOf(nurse)) {
      assigned[nurse] = choice.opening;
      assign(nurse + 1);
    }
    assigned[nurse] = -1;
  };
  assign(0);
  return stable;
}

int32_t MovedIn(const Assigned& assigned, const Assigned& present) {
  int32_t moved = 0;
  for (size_t i = 0; i < assigned.size(); ++i) moved += present[i] >= 0 && assigned[i] != present[i];
  return moved;
}

market::Shape SmallShape(uint64_t seed) {
  market::Shape shape;
  shape.nurses = 3 + static_cast<int32_t>(seed % 3);
  shape.openings = 2 + static_cast<int32_t>(seed / 3 % 4);
  shape.fewest_choices = seed % 2 == 0 ? shape.openings : 0;
  shape.most_choices = shape.openings;
  shape.fewest_posts = seed % 5 == 0 ? 0 : 1;
  shape.most_posts = 2;
  shape.merits = 1000;
  if (seed % 4 == 2) {
    shape.nurses = shape.openings = shape.fewest_choices = shape.most_choices = 4;
    shape.most_posts = shape.fewest_posts = 1;
  }
  return shape;
}

// Some have openings that prefer the nurses who like them least: there are many stable matchings.
Market SmallMarket(uint64_t seed) {
  Market market = market::MarketMaker(seed).Make(SmallShape(seed));
  std::mt19937_64 random(seed);
  for (int32_t nurse = 0; nurse < market.nurse_count() && seed % 8 == 2; ++nurse) {
    for (size_t i = market.begin[nurse]; i < market.begin[nurse + 1]; ++i) {
      market.choices[i].merit = static_cast<uint32_t>(3 * (market.begin[nurse + 1] - i) + random() % 4);
    }
  }
  return market;
}

// The sets of rotations that contain all of their needs are the stable matchings, each once.
TEST(RotationsTest, AreTheLattice) {
  int64_t many = 0;
  for (uint64_t seed = 0; seed < 4000; ++seed) {
    const Market market = SmallMarket(seed);
    const Lattice lattice = FindRotations(market);
    ASSERT_LE(lattice.rotations.size(), 12u);
    std::set<Assigned> reached;
    int64_t closed = 0;
    for (uint32_t bits = 0; bits < uint32_t{1} << lattice.rotations.size(); ++bits) {
      std::vector<bool> chosen;
      bool has_all = true;
      for (size_t i = 0; i < lattice.rotations.size(); ++i) {
        chosen.push_back((bits >> i & 1) != 0);
        for (const int32_t needed : lattice.rotations[i].needs) {
          ASSERT_LT(needed, static_cast<int32_t>(i));
          has_all = has_all && (!chosen[i] || chosen[needed]);
        }
      }
      if (!has_all) continue;
      ++closed;
      reached.insert(Take(lattice, chosen));
    }
    const std::vector<Assigned> stable = AllStable(market);
    ASSERT_EQ(reached, std::set<Assigned>(stable.begin(), stable.end())) << seed;
    ASSERT_EQ(closed, static_cast<int64_t>(stable.size())) << seed;
    many += stable.size() > 2;
  }
  EXPECT_GT(many, 100) << "too easy to show anything";
}

TEST(LeastMovesTest, NoStableMatchingLeavesMoreNursesWhereTheyAre) {
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    const Market market = SmallMarket(seed);
    const std::vector<Assigned> stable = AllStable(market);
    std::mt19937_64 random(seed);
    Assigned present;
    for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
      const auto opening = static_cast<int32_t>(random() % (market.opening_count() + 1)) - 1;
      present.push_back(random() % 2 == 0 ? stable[random() % stable.size()][nurse] : opening);
    }
    int32_t least = market.nurse_count();
    for (const Assigned& one : stable) least = std::min(least, MovedIn(one, present));
    const LeastMoves found = SolveWithLeastMoves(market, present);
    ASSERT_TRUE(std::count(stable.begin(), stable.end(), found.assigned)) << seed;
    ASSERT_EQ(found.moved, least) << seed;
    ASSERT_EQ(MovedIn(found.assigned, present), least);
    // Of those, none is better for any nurse.
    const Caps none;
    const market::Definition definition(market, none);
    for (const Assigned& one : stable) {
      if (MovedIn(one, present) != least) continue;
      for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
        ASSERT_LE(definition.Rank(nurse, found.assigned[nurse]), definition.Rank(nurse, one[nurse])) << seed;
      }
    }
  }
}

// If the present matching is stable, nobody is moved.
TEST(LeastMovesTest, WhatIsStableStays) {
  market::Shape shape;
  shape.nurses = 400;
  shape.openings = 60;
  shape.fewest_choices = 8;
  shape.most_choices = 20;
  shape.fewest_posts = 3;
  shape.most_posts = 8;
  shape.merits = 1 << 20;
  int64_t rotations = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Market market = market::MarketMaker(seed).Make(shape);
    const Lattice lattice = FindRotations(market);
    rotations += static_cast<int64_t>(lattice.rotations.size());
    const Assigned worst = Take(lattice, std::vector<bool>(lattice.rotations.size(), true));
    for (const Assigned& present : {lattice.best, worst}) {
      const LeastMoves found = SolveWithLeastMoves(market, present);
      EXPECT_EQ(found.moved, 0);
      EXPECT_EQ(found.assigned, present);
    }
  }
  EXPECT_GT(rotations, 0);
}

}  // namespace
}  // namespace tsunagu::matching::objectives
