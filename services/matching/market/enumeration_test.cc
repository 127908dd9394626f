// The solver and the verifier against the definition of stability, on every assignment of many tiny markets.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "services/matching/market/capped_posts.h"
#include "services/matching/market/check.h"
#include "services/matching/market/testing/definition.h"
#include "services/matching/market/testing/random_market.h"
#include "services/matching/market/verify.h"

namespace tsunagu::matching::market {
namespace {

constexpr int kMarkets = 20'000;

std::string Show(const Assigned& assigned) { return testing::PrintToString(assigned); }

struct Tally {
  int64_t assignments = 0;
  int64_t stable = 0;
  int64_t several = 0;  // markets with more than one stable matching
  int64_t refused = 0;  // nurses whom a set refuses: they would have an opening without the caps
};

// The number of nurses of each opening, and which nurses have an opening.
struct Filled {
  std::vector<int32_t> of_opening;
  std::vector<bool> placed;
  bool operator==(const Filled&) const = default;
};

Filled FilledIn(const Market& market, const Assigned& assigned) {
  Filled filled = {std::vector<int32_t>(market.posts.size(), 0), {}};
  for (const int32_t opening : assigned) {
    if (opening >= 0) ++filled.of_opening[opening];
    filled.placed.push_back(opening >= 0);
  }
  return filled;
}

// Roth 1986: an opening that is not full has the same nurses in every stable matching.
void CheckRuralHospitals(const Market& market, const Assigned& solved, const Assigned& stable) {
  const Filled filled = FilledIn(market, solved);
  ASSERT_EQ(filled, FilledIn(market, stable)) << Show(solved) << " and " << Show(stable);
  for (size_t nurse = 0; nurse < solved.size(); ++nurse) {
    const int32_t opening = solved[nurse];
    if (opening < 0 || filled.of_opening[opening] == market.posts[opening]) continue;
    ASSERT_EQ(stable[nurse], opening) << Show(solved) << " and " << Show(stable);
  }
}

// Steps through all assignments, feasible or not. Returns false after the last.
bool Next(Assigned& assigned, int32_t openings) {
  for (int32_t& entry : assigned) {
    if (++entry < openings) return true;
    entry = -1;
  }
  return false;
}

void CheckEveryAssignment(const Market& market, const Caps& caps, Tally& tally) {
  ASSERT_TRUE(CheckMarket(market, caps).empty());
  const Definition definition(market, caps);
  const Solution solution = Solve(market, caps);
  const Assigned& solved = solution.assigned;
  ASSERT_TRUE(definition.Stable(solved)) << Show(solved);
  ASSERT_TRUE(VerifyStable(market, caps, solved, solution.cutoffs).stable) << Show(solved);
  int64_t stable_count = 0;
  Assigned assigned(market.nurse_count(), -1);
  do {
    const bool stable = definition.Stable(assigned);
    ASSERT_EQ(VerifyStable(market, caps, assigned, definition.CutoffsOf(assigned)).stable, stable) << Show(assigned);
    ++tally.assignments;
    if (!stable) continue;
    ++stable_count;
    for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
      ASSERT_LE(definition.Rank(nurse, solved[nurse]), definition.Rank(nurse, assigned[nurse]))
          << Show(solved) << " and " << Show(assigned);
    }
    if (caps.parent.empty()) CheckRuralHospitals(market, solved, assigned);
    if (testing::Test::HasFatalFailure()) return;
  } while (Next(assigned, market.opening_count()));
  tally.stable += stable_count;
  tally.several += stable_count > 1;
  if (caps.parent.empty()) return;
  const Assigned without = Solve(market).assigned;
  for (size_t nurse = 0; nurse < solved.size(); ++nurse) tally.refused += solved[nurse] < 0 && without[nurse] >= 0;
}

// In a third of them lists and merits often conflict, so that there are several stable matchings.
Shape TinyShape(MarketMaker& maker, bool capped) {
  Shape shape = {.nurses = 1 + maker.Below(4), .openings = 1 + maker.Below(3), .merits = 1 + maker.Below(4)};
  if (maker.Below(3) == 0) {
    shape = {.nurses = 3 + maker.Below(2),
             .openings = 3,
             .fewest_choices = 2,
             .fewest_posts = 1,
             .most_posts = 1,
             .merits = 9};
  }
  if (capped) shape.sets = 1 + maker.Below(4);
  return shape;
}

Tally CheckMarkets(uint64_t seed, bool capped) {
  MarketMaker maker(seed);
  Tally tally;
  for (int i = 0; i < kMarkets; ++i) {
    const Shape shape = TinyShape(maker, capped);
    const Market market = maker.Make(shape);
    CheckEveryAssignment(market, capped ? maker.MakeCaps(shape) : Caps(), tally);
    EXPECT_FALSE(testing::Test::HasFatalFailure()) << "market " << i;
    if (testing::Test::HasFatalFailure()) break;
  }
  return tally;
}

TEST(EnumerationTest, EveryAssignmentOfTwentyThousandMarketsWithoutCaps) {
  const Tally tally = CheckMarkets(20261129, false);
  // The markets are diverse enough: many have several stable matchings.
  EXPECT_GT(tally.assignments, 1'000'000);
  EXPECT_GT(tally.several, 200);
}

TEST(EnumerationTest, EveryAssignmentOfTwentyThousandMarketsWithCaps) {
  const Tally tally = CheckMarkets(20261130, true);
  EXPECT_GT(tally.assignments, 1'000'000);
  EXPECT_GT(tally.several, 100);
  EXPECT_GT(tally.refused, 5'000);
}

}  // namespace
}  // namespace tsunagu::matching::market
