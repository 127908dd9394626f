// Events of a market under caps; each is checked against its guarantee by the definition of stability.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "services/matching/market/capped_posts.h"
#include "services/matching/market/events.h"
#include "services/matching/market/testing/definition.h"
#include "services/matching/market/testing/random_market.h"
#include "services/matching/market/verify.h"

namespace tsunagu::matching::market {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Handling kHolding = {.policy = Policy::kHold};

// Both openings are in one set with a limit of one nurse: nurse 0 has opening 0; nurse 1 wants opening 1, and nurse 2
// comes next there.
const Market& OneOfTwo() {
  static const Market* const market =
      new Market{.begin = {0, 1, 2, 3}, .choices = {{0, 1}, {1, 2}, {1, 3}}, .posts = {1, 2}};
  return *market;
}
const Caps& One() {
  static const Caps* const caps = new Caps{.parent = {-1}, .limit = {1}, .set_of_opening = {0, 0}};
  return *caps;
}

TEST(CappedEventsTest, WhatOneOpeningGivesUpGoesToAnotherOfTheSet) {
  LiveMatching matching(OneOfTwo(), One());
  EXPECT_THAT(matching.Result().assigned, ElementsAre(0, -1, -1));
  const Outcome quits = matching.Quit(0);
  EXPECT_THAT(quits.moves, ElementsAre(Move{0, 0, -1}, Move{1, -1, 1}));
  EXPECT_EQ(quits.guarantee, Guarantee::kStableNobodyWorse);
  EXPECT_THAT(matching.Arrive(0).moves, ElementsAre(Move{0, -1, 0}, Move{1, 1, -1}));
  const Outcome closes = matching.ClosePost(0);
  EXPECT_THAT(closes.moves, ElementsAre(Move{0, 0, -1}, Move{1, -1, 1}));
  EXPECT_EQ(closes.guarantee, Guarantee::kStable);
}

TEST(CappedEventsTest, APostThatOpensInAFullSetSendsItsLastAway) {
  const Market market = {.begin = {0, 1, 2, 3}, .choices = {{0, 1}, {0, 2}, {1, 3}}, .posts = {1, 1}};
  const Caps caps = {.parent = {-1}, .limit = {2}, .set_of_opening = {0, 0}};
  LiveMatching held(market, caps), matching(market, caps), bounded(market, caps);
  EXPECT_THAT(held.Result().assigned, ElementsAre(0, -1, 1));
  const Outcome holds = held.OpenPost(0, kHolding);
  EXPECT_THAT(holds.moves, IsEmpty());
  EXPECT_THAT(holds.left, ElementsAre(Pair{1, 0}));
  EXPECT_THAT(holds.would_chain, ElementsAre(Move{1, -1, 0}, Move{2, 1, -1}));
  const Outcome opens = matching.OpenPost(0);
  EXPECT_THAT(opens.moves, ElementsAre(Move{1, -1, 0}, Move{2, 1, -1}));
  EXPECT_EQ(opens.guarantee, Guarantee::kStable);
  const Outcome one = bounded.OpenPost(0, {.most_moves = 1});
  EXPECT_THAT(one.moves, IsEmpty());
  EXPECT_THAT(one.left, ElementsAre(Pair{1, 0}));
}

// Random events on a random market with caps.
class CappedLog {
 public:
  explicit CappedLog(uint64_t seed) : maker_(seed) {
    const Shape kShapes[] = {
        {.nurses = 7, .openings = 5, .most_choices = 5, .most_posts = 2, .sets = 3, .most_limit = 3},
        {.nurses = 30, .openings = 12, .most_choices = 8, .most_posts = 4, .sets = 6, .most_limit = 9},
        {.nurses = 25, .openings = 20, .most_choices = 9, .most_posts = 3, .merits = 99, .sets = 9, .most_limit = 7},
        {.nurses = 40, .openings = 8, .most_choices = 8, .most_posts = 6, .merits = 2, .sets = 4, .most_limit = 14},
    };
    market_ = maker_.Make(kShapes[seed % 4]);
    caps_ = maker_.MakeCaps(kShapes[seed % 4]);
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      if (maker_.Below(4) == 0) absent_.push_back(nurse);
    }
  }

  LiveMatching Begin() const { return LiveMatching(market_, caps_, absent_); }
  const Caps& caps() const { return caps_; }
  int32_t Below(int32_t bound) { return maker_.Below(bound); }

  struct Applied {
    Outcome outcome;
    std::vector<int32_t> about;
    bool proposes = false;
  };
  Applied Apply(LiveMatching& matching, const Handling& handling) {
    const int32_t nurse = Below(market_.nurse_count()), opening = Below(market_.opening_count());
    const Assigned before = matching.Result().assigned;
    const auto list = market_.ChoicesOf(nurse);
    const bool hers = before[nurse] >= 0 && Below(2) == 0;
    const int32_t dropped = hers           ? before[nurse]
                            : list.empty() ? 0
                                           : list[Below(static_cast<int32_t>(list.size()))].opening;
    switch (Below(5)) {
      case 0:
        return {matching.Arrive(nurse, handling), {nurse}, true};
      case 1: {
        Applied applied = {matching.ClosePost(opening, handling), {}, true};
        for (const Move& move : applied.outcome.moves) {
          if (move.from == opening) applied.about.push_back(move.nurse);
        }
        return applied;
      }
      case 2:
        return {matching.Quit(nurse, handling), {nurse}};
      case 3:
        return {matching.OpenPost(opening, handling), {}};
      default:
        return {matching.DropChoice(nurse, dropped, handling), {nurse}, true};
    }
  }

 private:
  MarketMaker maker_;
  Market market_;
  Caps caps_;
  std::vector<int32_t> absent_;
};

std::vector<Move> Difference(const Assigned& before, const Assigned& after) {
  std::vector<Move> moves;
  for (size_t nurse = 0; nurse < before.size(); ++nurse) {
    if (before[nurse] != after[nurse]) moves.push_back({static_cast<int32_t>(nurse), before[nurse], after[nurse]});
  }
  return moves;
}

bool IsAbout(const CappedLog::Applied& applied, int32_t nurse) {
  return std::count(applied.about.begin(), applied.about.end(), nurse) > 0;
}

TEST(CappedEventsTest, AnyLogEndsStableAndKeepsWhatEachEventPromises) {
  int64_t equal = 0, nobody_worse = 0, stable = 0, happens = 0, others = 0;
  for (uint64_t seed = 0; seed < 1200; ++seed) {
    CappedLog log(seed);
    LiveMatching matching = log.Begin();
    for (int i = 0; i < 60; ++i) {
      const Assigned before = matching.Result().assigned;
      const auto applied = i % 4 == 3 ? CappedLog::Applied{matching.StartOver(), {}} : log.Apply(matching, {});
      const Outcome& outcome = applied.outcome;
      const Solution result = matching.Result();
      const Market now = matching.Now();
      const Definition definition(now, log.caps());
      ASSERT_TRUE(definition.Stable(result.assigned)) << "seed " << seed << " event " << i;
      ASSERT_TRUE(VerifyStable(now, log.caps(), result.assigned, result.cutoffs).stable) << seed;
      ASSERT_EQ(outcome.moves, Difference(before, result.assigned)) << seed;
      ASSERT_THAT(outcome.left, IsEmpty()) << seed;
      ASSERT_NE(outcome.guarantee, Guarantee::kPairsRemain) << seed;
      const bool is_equal = result.assigned == Solve(now, log.caps()).assigned;
      if (outcome.guarantee == Guarantee::kEqualToFullRun) {
        ASSERT_TRUE(is_equal) << "seed " << seed << " event " << i;
      }
      for (const Move& move : outcome.moves) {
        others += !IsAbout(applied, move.nurse);
        if (outcome.guarantee != Guarantee::kStableNobodyWorse || IsAbout(applied, move.nurse)) continue;
        ASSERT_LT(definition.Rank(move.nurse, move.to), definition.Rank(move.nurse, move.from)) << seed;
      }
      equal += outcome.guarantee == Guarantee::kEqualToFullRun;
      nobody_worse += outcome.guarantee == Guarantee::kStableNobodyWorse;
      stable += outcome.guarantee == Guarantee::kStable;
      happens += is_equal && outcome.guarantee != Guarantee::kEqualToFullRun;
    }
  }
  EXPECT_GT(equal, 20'000);
  EXPECT_GT(nobody_worse, 5'000);
  EXPECT_GT(stable, 1'000);
  EXPECT_GT(nobody_worse + stable, happens) << "the weaker promises are needed";
  EXPECT_GT(others, 5'000);
}

TEST(CappedEventsTest, WhatIsHeldOrCutShortIsNamed) {
  int64_t left = 0, would = 0;
  for (uint64_t seed = 2000; seed < 2800; ++seed) {
    CappedLog log(seed);
    LiveMatching matching = log.Begin();
    for (int i = 0; i < 30; ++i) {
      LiveMatching held = matching, bounded = matching;
      CappedLog twin = log, third = log;
      log.Apply(matching, {});
      const auto holding = twin.Apply(held, kHolding);
      ASSERT_EQ(held.Review(), holding.outcome.left) << "seed " << seed << " event " << i;
      ASSERT_EQ(holding.outcome.guarantee == Guarantee::kPairsRemain, !holding.outcome.left.empty()) << seed;
      if (!holding.proposes) {
        for (const Move& move : holding.outcome.moves) {
          if (!IsAbout(holding, move.nurse)) {
            ASSERT_EQ(move.from, -1) << "seed " << seed << " event " << i;
          }
        }
      }
      const auto most = static_cast<int32_t>(seed % 3);
      const auto cut = third.Apply(bounded, {.most_moves = most});
      int32_t moved = 0;
      for (const Move& move : cut.outcome.moves) moved += !IsAbout(cut, move.nurse);
      ASSERT_LE(moved, most) << "seed " << seed << " event " << i;
      ASSERT_EQ(bounded.Review(), cut.outcome.left) << "seed " << seed << " event " << i;
      left += !holding.outcome.left.empty() + !cut.outcome.left.empty();
      would += !holding.outcome.would_chain.empty();
    }
  }
  EXPECT_GT(left, 3'000);
  EXPECT_GT(would, 1'000);
}

TEST(CappedEventsTest, NobodyIsOverACapWhateverWasLeft) {
  for (uint64_t seed = 4000; seed < 4400; ++seed) {
    CappedLog log(seed);
    LiveMatching matching = log.Begin();
    for (int i = 0; i < 60; ++i) {
      log.Apply(matching, {log.Below(2) == 0 ? Policy::kHold : Policy::kChain, log.Below(5)});
      const Solution result = matching.Result();
      const Verdict verdict = VerifyStable(matching.Now(), log.caps(), result.assigned, result.cutoffs);
      ASSERT_EQ(verdict.finding_count, static_cast<int64_t>(matching.Review().size())) << "seed " << seed;
      for (const Finding& finding : verdict.findings) ASSERT_EQ(finding.kind, FindingKind::kBlocks) << "seed " << seed;
    }
    matching.StartOver();
    ASSERT_EQ(matching.Result().assigned, Solve(matching.Now(), log.caps()).assigned) << "seed " << seed;
    ASSERT_THAT(matching.Review(), IsEmpty()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tsunagu::matching::market
