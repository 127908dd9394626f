// Compares the solver with a textbook run in which the facilities choose again from all offers each time.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "services/matching/market/capped_posts.h"
#include "services/matching/market/testing/definition.h"
#include "services/matching/market/testing/random_market.h"
#include "services/matching/market/verify.h"

namespace tsunagu::matching::market {
namespace {

// In rounds: every nurse without an opening makes her next offer; the facilities keep what they choose from what they
// hold and the new offers.
Assigned Textbook(const Market& market, const Caps& caps) {
  const Definition definition(market, caps);
  std::vector<size_t> next(market.nurse_count(), 0);
  Assigned assigned(market.nurse_count(), -1);
  for (;;) {
    std::vector<Definition::Contract> offers;
    bool any = false;
    for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
      const auto list = market.ChoicesOf(nurse);
      if (assigned[nurse] < 0 && next[nurse] < list.size()) {
        assigned[nurse] = list[next[nurse]++].opening;
        any = true;
      }
      if (assigned[nurse] >= 0) offers.push_back({nurse, assigned[nurse]});
    }
    if (!any) return assigned;
    assigned.assign(market.nurse_count(), -1);
    for (const auto& [nurse, opening] : definition.Choose(offers)) assigned[nurse] = opening;
  }
}

TEST(GaleShapleyTest, EqualToTheTextbookInNinetyRandomMarkets) {
  const Shape kShapes[] = {
      {.nurses = 600, .openings = 150, .most_choices = 20, .most_posts = 6, .merits = 1'000'000'000},
      {.nurses = 600, .openings = 150, .most_choices = 20, .most_posts = 6, .merits = 5},
      {.nurses = 400, .openings = 400, .fewest_choices = 10, .most_choices = 40, .fewest_posts = 1, .most_posts = 1},
      {.nurses = 800, .openings = 20, .most_choices = 20, .most_posts = 100, .merits = 30},
      {.nurses = 200, .openings = 300, .most_choices = 10, .fewest_posts = 1},
      {.nurses = 600, .openings = 150, .most_choices = 20, .most_posts = 6, .merits = 9, .sets = 40, .most_limit = 60},
      {.nurses = 600, .openings = 150, .most_choices = 20, .most_posts = 6, .merits = 99, .sets = 9, .most_limit = 100},
      {.nurses = 400,
       .openings = 100,
       .fewest_choices = 20,
       .most_choices = 90,
       .most_posts = 9,
       .sets = 60,
       .most_limit = 15},
      {.nurses = 300, .openings = 300, .most_choices = 30, .fewest_posts = 1, .sets = 20, .most_limit = 40},
  };
  MarketMaker maker(20261129);
  int64_t placed = 0, deep = 0, full_sets = 0;
  for (int i = 0; i < 90; ++i) {
    const Shape& shape = kShapes[i % 9];
    const Market market = maker.Make(shape);
    const Caps caps = shape.sets > 0 ? maker.MakeCaps(shape) : Caps();
    const Solution solution = Solve(market, caps);
    ASSERT_EQ(solution.assigned, Textbook(market, caps)) << "market " << i;
    ASSERT_TRUE(VerifyStable(market, caps, solution.assigned, solution.cutoffs).stable) << "market " << i;
    const Definition definition(market, caps);
    for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
      placed += solution.assigned[nurse] >= 0;
      deep += solution.assigned[nurse] >= 0 && definition.Rank(nurse, solution.assigned[nurse]) > 4;
    }
    for (const uint64_t cutoff : solution.cutoffs.of_set) full_sets += cutoff != kNoCutoff;
  }
  EXPECT_GT(placed, 10'000);
  EXPECT_GT(deep, 1'000) << "lists are read far down";
  EXPECT_GT(full_sets, 150);
}

}  // namespace
}  // namespace tsunagu::matching::market
