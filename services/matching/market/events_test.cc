#include "services/matching/market/events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/market/deferred_acceptance.h"
#include "services/matching/market/testing/random_market.h"
#include "services/matching/market/verify.h"

namespace tsunagu::matching::market {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Handling kHolding = {.policy = Policy::kHold};

// Nurse i has opening i, prefers opening i - 1, and goes before the nurse there; nurse 3 has nothing and waits for
// opening 2.
const Market& Chain() {
  static const Market* const market = new Market{
      .begin = {0, 1, 3, 5, 6},
      .choices = {{0, 1}, {0, 2}, {1, 1}, {1, 2}, {2, 1}, {2, 2}},
      .posts = {1, 1, 1},
  };
  return *market;
}

TEST(LiveMatchingTest, AFreePostGoesDownTheChain) {
  LiveMatching matching(Chain());
  EXPECT_THAT(matching.Result().assigned, ElementsAre(0, 1, 2, -1));
  const Outcome outcome = matching.Quit(0);
  EXPECT_EQ(outcome.guarantee, Guarantee::kStableNobodyWorse);
  EXPECT_THAT(outcome.moves, ElementsAre(Move{0, 0, -1}, Move{1, 1, 0}, Move{2, 2, 1}, Move{3, -1, 2}));
  EXPECT_THAT(outcome.left, IsEmpty());
  EXPECT_THAT(outcome.would_chain, IsEmpty());
}

TEST(LiveMatchingTest, AHeldPostWaitsForSomebodyWithoutOne) {
  LiveMatching matching(Chain());
  Outcome outcome = matching.Quit(0, kHolding);
  EXPECT_EQ(outcome.guarantee, Guarantee::kPairsRemain);
  EXPECT_THAT(outcome.moves, ElementsAre(Move{0, 0, -1}));
  EXPECT_THAT(outcome.would_chain, ElementsAre(Move{1, 1, 0}, Move{2, 2, 1}, Move{3, -1, 2}));
  EXPECT_THAT(outcome.left, ElementsAre(Pair{1, 0}));
  EXPECT_THAT(matching.Review(), ElementsAre(Pair{1, 0}));

  outcome = matching.Fill(0, {.most_moves = 1});
  EXPECT_EQ(outcome.guarantee, Guarantee::kPairsRemain);
  EXPECT_THAT(outcome.moves, ElementsAre(Move{1, 1, 0}));
  EXPECT_THAT(outcome.left, ElementsAre(Pair{2, 1}));

  outcome = matching.Fill(1);
  EXPECT_THAT(outcome.moves, ElementsAre(Move{2, 2, 1}, Move{3, -1, 2}));
  EXPECT_EQ(outcome.guarantee, Guarantee::kPairsRemain) << "nobody has looked";
  EXPECT_THAT(matching.Review(), IsEmpty());
  EXPECT_EQ(matching.Arrive(0).guarantee, Guarantee::kStable);
}

TEST(LiveMatchingTest, AHeldPostGoesToWhoHasNothingPastWhoHasAnOpening) {
  // Nurse 0 has the post of opening 0; nurse 1 would go before nurse 2 there, but has opening 1.
  const Market market = {.begin = {0, 1, 3, 4}, .choices = {{0, 1}, {0, 2}, {1, 1}, {0, 3}}, .posts = {1, 1}};
  LiveMatching matching(market);
  const Outcome outcome = matching.Quit(0, kHolding);
  EXPECT_THAT(outcome.moves, ElementsAre(Move{0, 0, -1}, Move{2, -1, 0}));
  EXPECT_THAT(outcome.left, ElementsAre(Pair{1, 0}));
  EXPECT_THAT(outcome.would_chain, ElementsAre(Move{1, 1, 0}));
  LiveMatching later = matching;
  EXPECT_THAT(later.Quit(2).moves, ElementsAre(Move{1, 1, 0}, Move{2, 0, -1}))
      << "who was passed over is still waiting";
  const Outcome anew = matching.StartOver();
  EXPECT_EQ(anew.guarantee, Guarantee::kEqualToFullRun);
  EXPECT_THAT(anew.moves, ElementsAre(Move{1, 1, 0}, Move{2, 0, -1}));
}

TEST(LiveMatchingTest, ABudgetEndsTheChain) {
  LiveMatching matching(Chain());
  const Outcome outcome = matching.Quit(0, {.most_moves = 2});
  EXPECT_EQ(outcome.guarantee, Guarantee::kPairsRemain);
  EXPECT_THAT(outcome.moves, ElementsAre(Move{0, 0, -1}, Move{1, 1, 0}, Move{2, 2, 1}));
  EXPECT_THAT(outcome.left, ElementsAre(Pair{3, 2}));
}

TEST(LiveMatchingTest, AnArrivalWithoutABudgetSendsNobodyAway) {
  // Nurse 0 goes before 1 at opening 0; opening 1 has a free post.
  const Market market = {.begin = {0, 2, 4}, .choices = {{0, 1}, {1, 1}, {0, 2}, {1, 2}}, .posts = {1, 2}};
  LiveMatching matching(market, {0});
  const Outcome outcome = matching.Arrive(0, {.most_moves = 0});
  EXPECT_THAT(outcome.moves, ElementsAre(Move{0, -1, 1}));
  EXPECT_THAT(outcome.left, ElementsAre(Pair{0, 0}));

  LiveMatching unlimited(market, {0});
  EXPECT_THAT(unlimited.Arrive(0).moves, ElementsAre(Move{0, -1, 0}, Move{1, 0, 1}));
}

TEST(LiveMatchingTest, WhatChangesNothingIsNoEvent) {
  LiveMatching matching(Chain());
  for (const Outcome& outcome : {matching.Arrive(0), matching.Fill(1), matching.DropChoice(0, 2)}) {
    EXPECT_EQ(outcome.guarantee, Guarantee::kEqualToFullRun);
    EXPECT_THAT(outcome.moves, IsEmpty());
  }
  EXPECT_THAT(matching.ClosePost(2).moves, ElementsAre(Move{2, 2, -1}));
  EXPECT_THAT(matching.ClosePost(2).moves, IsEmpty());
  EXPECT_EQ(matching.Now().posts[2], 0);
  EXPECT_EQ(matching.Quit(3).guarantee, Guarantee::kStableNobodyWorse) << "her proposals may have moved others";
  EXPECT_EQ(matching.Quit(3).guarantee, Guarantee::kStable);
}

TEST(LiveMatchingTest, TwoWhoSwappedForAThirdDoNotSwapBackWhenSheQuits) {
  // Without nurse 2, nurses 0 and 1 would both have their first choices. She made them swap, and got nothing.
  const Market market = {.begin = {0, 2, 4, 5}, .choices = {{0, 3}, {1, 1}, {1, 3}, {0, 1}, {0, 2}}, .posts = {1, 1}};
  LiveMatching matching(market);
  EXPECT_THAT(matching.Result().assigned, ElementsAre(1, 0, -1));
  const Outcome outcome = matching.Quit(2);
  EXPECT_EQ(outcome.guarantee, Guarantee::kStableNobodyWorse);
  EXPECT_THAT(outcome.moves, IsEmpty());
  EXPECT_THAT(Solve(matching.Now()).assigned, ElementsAre(0, 1, -1));
  EXPECT_THAT(matching.StartOver().moves, ElementsAre(Move{0, 1, 0}, Move{1, 0, 1}));

  // The same if she goes on to an opening without other nurses, and leaves nothing that anybody wants.
  const Market third = {
      .begin = {0, 2, 4, 6}, .choices = {{0, 3}, {1, 1}, {1, 3}, {0, 1}, {0, 2}, {2, 1}}, .posts = {1, 1, 2}};
  LiveMatching beside(third);
  EXPECT_THAT(beside.Result().assigned, ElementsAre(1, 0, 2));
  EXPECT_EQ(beside.Quit(2).guarantee, Guarantee::kStableNobodyWorse);
  EXPECT_THAT(Solve(beside.Now()).assigned, ElementsAre(0, 1, -1));
}

TEST(LiveMatchingTest, WhoStoodInNobodysWayQuitsUnnoticed) {
  const Market market = {.begin = {0, 1, 2}, .choices = {{0, 1}, {0, 2}}, .posts = {3}};
  LiveMatching matching(market);
  EXPECT_EQ(matching.Quit(0).guarantee, Guarantee::kEqualToFullRun);
}

// Random events on a random market; each is checked against its guarantee.
class EventLog {
 public:
  explicit EventLog(uint64_t seed) : maker_(seed), market_(Market()) {
    const Shape kShapes[] = {
        {.nurses = 40, .openings = 15, .most_choices = 8, .most_posts = 5},
        {.nurses = 30, .openings = 30, .fewest_choices = 3, .most_choices = 12, .fewest_posts = 1, .most_posts = 1},
        {.nurses = 20, .openings = 15, .most_choices = 6, .most_posts = 4, .merits = 99},
        {.nurses = 60, .openings = 8, .most_choices = 8, .most_posts = 6, .merits = 9},
    };
    market_ = maker_.Make(kShapes[seed % 4]);
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      if (maker_.Below(4) == 0) absent_.push_back(nurse);
    }
  }

  int32_t Below(int32_t bound) { return maker_.Below(bound); }
  const Market& market() const { return market_; }
  LiveMatching Begin() const { return LiveMatching(market_, absent_); }

  struct Applied {
    Outcome outcome;
    int32_t about = -1;     // the nurse whom the event is about
    bool proposes = false;  // she continues to propose, and may displace others
  };
  Applied Apply(LiveMatching& matching, const Handling& handling, bool nurses_side = false) {
    const int32_t nurse = Below(market_.nurse_count()), opening = Below(market_.opening_count());
    const Assigned before = matching.Result().assigned;
    switch (nurses_side ? Below(2) : Below(5)) {
      case 0:
        return {matching.Arrive(nurse, handling), nurse, true};
      case 1: {
        const Outcome outcome = matching.ClosePost(opening, handling);
        for (const Move& move : outcome.moves) {
          if (move.from == opening) return {outcome, move.nurse, true};
        }
        return {outcome, -1, true};
      }
      case 2:
        return {matching.Quit(nurse, handling), nurse};
      case 3:
        return {matching.OpenPost(opening, handling)};
      default: {
        const auto list = market_.ChoicesOf(nurse);
        const bool hers = before[nurse] >= 0 && Below(2) == 0;
        const int32_t dropped = hers ? before[nurse] : list.empty() ? 0 : list[Below(list.size())].opening;
        return {matching.DropChoice(nurse, dropped, handling), nurse, true};
      }
    }
  }

  // Returns 0 for her first choice, the number of her choices for nothing.
  size_t Rank(int32_t nurse, int32_t opening) const {
    const auto list = market_.ChoicesOf(nurse);
    const auto at =
        std::find_if(list.begin(), list.end(), [&](const Choice& choice) { return choice.opening == opening; });
    return at - list.begin();
  }

 private:
  MarketMaker maker_;
  Market market_;
  std::vector<int32_t> absent_;
};

std::vector<Move> Difference(const Assigned& before, const Assigned& after) {
  std::vector<Move> moves;
  for (size_t nurse = 0; nurse < before.size(); ++nurse) {
    if (before[nurse] != after[nurse]) moves.push_back({static_cast<int32_t>(nurse), before[nurse], after[nurse]});
  }
  return moves;
}

bool IsStable(const LiveMatching& matching) {
  const Solution result = matching.Result();
  return VerifyStable(matching.Now(), Caps(), result.assigned, result.cutoffs).stable;
}

struct Tally {
  int64_t events = 0;
  int64_t equal = 0;       // guaranteed to equal the full run
  int64_t happens_to = 0;  // guaranteed stable only, but equal to it
  int64_t others_moved = 0;
};

void CheckChains(EventLog& log, bool nurses_side, Tally& tally) {
  LiveMatching matching = log.Begin();
  for (int i = 0; i < 60; ++i) {
    const Assigned before = matching.Result().assigned;
    const bool over = !nurses_side && i % 6 == 5;  // makes it equal to a full run again
    const auto [outcome, about, proposes] =
        over ? EventLog::Applied{matching.StartOver()} : log.Apply(matching, {}, nurses_side);
    const Assigned after = matching.Result().assigned;
    ASSERT_TRUE(IsStable(matching));
    ASSERT_EQ(outcome.moves, Difference(before, after));
    ASSERT_THAT(outcome.left, IsEmpty());
    ASSERT_THAT(outcome.would_chain, IsEmpty());
    ASSERT_NE(outcome.guarantee, Guarantee::kPairsRemain);
    const bool equal = after == Solve(matching.Now()).assigned;
    if (outcome.guarantee == Guarantee::kEqualToFullRun) {
      ASSERT_TRUE(equal);
    }
    if (nurses_side) {
      ASSERT_EQ(outcome.guarantee, Guarantee::kEqualToFullRun);
    }
    for (const Move& move : outcome.moves) {
      if (outcome.guarantee != Guarantee::kStableNobodyWorse || move.nurse == about) continue;
      ASSERT_LT(log.Rank(move.nurse, move.to), log.Rank(move.nurse, move.from));
    }
    ++tally.events;
    tally.equal += outcome.guarantee == Guarantee::kEqualToFullRun;
    tally.happens_to += equal && outcome.guarantee != Guarantee::kEqualToFullRun;
    tally.others_moved += outcome.moves.size() > 1;
  }
}

TEST(LiveMatchingTest, AnyLogEndsStableAndKeepsWhatEachEventPromises) {
  Tally tally;
  for (uint64_t seed = 0; seed < 600; ++seed) {
    EventLog log(seed);
    CheckChains(log, false, tally);
    ASSERT_FALSE(HasFatalFailure()) << "seed " << seed;
  }
  EXPECT_GT(tally.equal, 2'000);
  EXPECT_LT(tally.equal + tally.happens_to, tally.events) << "the weaker promise is needed";
  EXPECT_GT(tally.others_moved, 5'000);
}

TEST(LiveMatchingTest, ArrivalsAndClosingsEqualFullRuns) {
  Tally tally;
  for (uint64_t seed = 1000; seed < 1300; ++seed) {
    EventLog log(seed);
    CheckChains(log, true, tally);
    ASSERT_FALSE(HasFatalFailure()) << "seed " << seed;
  }
  EXPECT_EQ(tally.equal, tally.events);
  EXPECT_GT(tally.others_moved, 500);
}

std::vector<Move> Others(const EventLog::Applied& applied) {
  std::vector<Move> others;
  for (const Move& move : applied.outcome.moves) {
    if (move.nurse != applied.about) others.push_back(move);
  }
  return others;
}

// Applies each event to a stable matching, with kChain in one copy and with kHold in the other.
TEST(LiveMatchingTest, WhoHasAnOpeningKeepsItWhilePostsAreHeld) {
  int64_t left = 0, differ = 0;
  for (uint64_t seed = 2000; seed < 2400; ++seed) {
    EventLog log(seed);
    LiveMatching matching = log.Begin();
    for (int i = 0; i < 40; ++i) {
      LiveMatching held = matching;
      EventLog twin = log;
      const EventLog::Applied chained = log.Apply(matching, {}), holding = twin.Apply(held, kHolding);
      const Outcome& outcome = holding.outcome;
      ASSERT_EQ(held.Review(), outcome.left) << "seed " << seed;
      ASSERT_EQ(outcome.guarantee == Guarantee::kPairsRemain, !outcome.left.empty()) << "seed " << seed;
      left += !outcome.left.empty();
      if (holding.proposes) continue;
      for (const Move& move : Others(holding)) ASSERT_EQ(move.from, -1) << "seed " << seed;
      if (outcome.left.empty()) {
        ASSERT_EQ(outcome.moves, chained.outcome.moves) << "seed " << seed;
        ASSERT_THAT(outcome.would_chain, IsEmpty()) << "seed " << seed;
      } else {
        ASSERT_EQ(outcome.would_chain, Others(chained)) << "seed " << seed;
        ++differ;
      }
    }
  }
  EXPECT_GT(left, 1'000);
  EXPECT_GT(differ, 500);
}

TEST(LiveMatchingTest, ABudgetIsKeptAndWhatItLeavesIsNamed) {
  int64_t left = 0;
  for (uint64_t seed = 3000; seed < 3400; ++seed) {
    EventLog log(seed);
    LiveMatching matching = log.Begin();
    for (int i = 0; i < 40; ++i) {
      LiveMatching bounded = matching;
      EventLog twin = log;
      log.Apply(matching, {});
      const auto most = static_cast<int32_t>(seed % 3);
      const EventLog::Applied applied = twin.Apply(bounded, {.most_moves = most});
      ASSERT_LE(Others(applied).size(), static_cast<size_t>(most)) << "seed " << seed;
      ASSERT_EQ(bounded.Review(), applied.outcome.left) << "seed " << seed;
      left += !applied.outcome.left.empty();
    }
  }
  EXPECT_GT(left, 1'000);
}

// Whatever was held or cut short: StartOver gives the result of a full run on the present market.
TEST(LiveMatchingTest, StartingOverEqualsAFullRunWhateverWasLeft) {
  for (uint64_t seed = 4000; seed < 4200; ++seed) {
    EventLog log(seed);
    LiveMatching matching = log.Begin();
    for (int i = 0; i < 60; ++i) {
      log.Apply(matching, {log.Below(2) == 0 ? Policy::kHold : Policy::kChain, log.Below(5)});
    }
    const Assigned before = matching.Result().assigned;
    const Outcome outcome = matching.StartOver();
    const Assigned after = matching.Result().assigned;
    ASSERT_EQ(after, Solve(matching.Now()).assigned) << "seed " << seed;
    ASSERT_EQ(outcome.moves, Difference(before, after)) << "seed " << seed;
    ASSERT_TRUE(IsStable(matching)) << "seed " << seed;
    ASSERT_THAT(matching.Review(), IsEmpty()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tsunagu::matching::market
