#include "services/matching/objectives/capped_rotations.h"

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "services/matching/market/capped_posts.h"
#include "services/matching/market/testing/definition.h"
#include "services/matching/market/testing/random_market.h"
#include "services/matching/objectives/least_moves.h"

namespace tsunagu::matching::objectives {
namespace {

using market::Assigned;
using market::Caps;
using market::Market;

std::vector<Assigned> AllStable(const Market& market, const Caps& caps) {
  const market::Definition definition(market, caps);
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

struct Capped {
  Market market;
  Caps caps;
};

// Most have openings that prefer the nurses who like them least, and full sets: there are many stable matchings.
Capped Small(uint64_t seed) {
  market::Shape shape;
  shape.nurses = 3 + static_cast<int32_t>(seed % 3);
  shape.openings = 3 + static_cast<int32_t>(seed / 3 % 3);
  shape.fewest_choices = seed % 2 == 0 ? shape.openings : 0;
  shape.most_choices = shape.openings;
  shape.fewest_posts = seed % 5 == 0 ? 0 : 1;
  shape.most_posts = 2;
  shape.merits = seed % 7 == 0 ? 2 : 1000;
  shape.sets = 1 + static_cast<int32_t>(seed % 4);
  shape.most_limit = 4;
  market::MarketMaker maker(seed);
  Capped capped = {maker.Make(shape), maker.MakeCaps(shape)};
  std::mt19937_64 random(seed);
  Market& market = capped.market;
  for (int32_t nurse = 0; nurse < market.nurse_count() && seed % 4 != 3; ++nurse) {
    for (size_t i = market.begin[nurse]; i < market.begin[nurse + 1]; ++i) {
      market.choices[i].merit = static_cast<uint32_t>(3 * (market.begin[nurse + 1] - i) + random() % 4);
    }
  }
  return capped;
}

// Any order is valid.
std::vector<int32_t> Turns(const Market& market, uint64_t seed) {
  return market::MarketMaker(seed).Shuffled(market.nurse_count());
}

// The sets of rotations that contain all of their needs are the stable matchings, each once.
TEST(CappedRotationsTest, AreTheLattice) {
  int64_t many = 0, alone = 0;
  for (uint64_t seed = 0; seed < 12'000; ++seed) {
    const auto [market, caps] = Small(seed);
    const CappedLattice found = FindRotations(market, caps, Turns(market, seed));
    const Lattice& lattice = found.lattice;
    ASSERT_TRUE(found.is_whole);
    ASSERT_LE(lattice.rotations.size(), 14u);
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
    for (const Rotation& rotation : lattice.rotations) alone += rotation.moves.size() == 1;
    const std::vector<Assigned> stable = AllStable(market, caps);
    ASSERT_EQ(reached, std::set<Assigned>(stable.begin(), stable.end())) << seed;
    ASSERT_EQ(closed, static_cast<int64_t>(stable.size())) << seed;
    many += stable.size() > 2;
  }
  EXPECT_GT(many, 300) << "too easy to show anything";
  EXPECT_GT(alone, 100) << "who goes to another opening of the same full set, by herself";
}

TEST(CappedLeastMovesTest, NoStableMatchingLeavesMoreNursesWhereTheyAre) {
  int64_t better = 0;
  for (uint64_t seed = 0; seed < 12'000; ++seed) {
    const auto [market, caps] = Small(seed);
    const market::Definition definition(market, caps);
    const std::vector<Assigned> stable = AllStable(market, caps);
    std::mt19937_64 random(seed);
    Assigned present;
    for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
      const auto opening = static_cast<int32_t>(random() % (market.opening_count() + 1)) - 1;
      present.push_back(random() % 2 == 0 ? stable[random() % stable.size()][nurse] : opening);
    }
    const auto moved = [&](const Assigned& assigned) {
      int32_t count = 0;
      for (size_t i = 0; i < assigned.size(); ++i) count += present[i] >= 0 && assigned[i] != present[i];
      return count;
    };
    int32_t least = market.nurse_count();
    for (const Assigned& one : stable) least = std::min(least, moved(one));
    const LeastMoves found = SolveWithLeastMoves(market, caps, present, Turns(market, seed));
    ASSERT_TRUE(found.is_least);
    ASSERT_TRUE(std::count(stable.begin(), stable.end(), found.assigned)) << seed;
    ASSERT_EQ(found.moved, least) << seed;
    ASSERT_EQ(moved(found.assigned), least) << seed;
    for (const Assigned& one : stable) {
      if (moved(one) != least) continue;
      for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
        ASSERT_LE(definition.Rank(nurse, found.assigned[nurse]), definition.Rank(nurse, one[nurse])) << seed;
      }
    }
    better += least < moved(market::Solve(market, caps).assigned);
    // If not all are compared, the result is stable, and has at most as many moves as the best matching for nurses.
    const LeastMoves one_way = SolveWithLeastMoves(market, caps, present, Turns(market, seed), 0);
    ASSERT_TRUE(std::count(stable.begin(), stable.end(), one_way.assigned)) << seed;
    ASSERT_LE(one_way.moved, moved(market::Solve(market, caps).assigned)) << seed;
    ASSERT_LE(least, one_way.moved) << seed;
  }
  EXPECT_GT(better, 300);
}

TEST(CappedLeastMovesTest, CapsThatBindNobodyChangeNothing) {
  market::Shape shape;
  shape.nurses = 200;
  shape.openings = 40;
  shape.fewest_choices = 8;
  shape.most_choices = 20;
  shape.fewest_posts = 2;
  shape.most_posts = 6;
  shape.merits = 1 << 20;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Market market = market::MarketMaker(seed).Make(shape);
    const Caps loose = {.parent = {-1}, .limit = {1'000}, .set_of_opening = std::vector<int32_t>(40, 0)};
    const Lattice without = FindRotations(market);
    const Assigned worst = Take(without, std::vector<bool>(without.rotations.size(), true));
    const CappedLattice with = FindRotations(market, loose, Turns(market, seed));
    EXPECT_EQ(with.lattice.rotations.size(), without.rotations.size());
    EXPECT_EQ(Take(with.lattice, std::vector<bool>(with.lattice.rotations.size(), true)), worst);
    EXPECT_EQ(SolveWithLeastMoves(market, loose, worst, Turns(market, seed)).assigned, worst);
  }
}

}  // namespace
}  // namespace tsunagu::matching::objectives
