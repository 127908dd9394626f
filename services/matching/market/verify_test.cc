#include "services/matching/market/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "services/matching/market/capped_posts.h"
#include "services/matching/market/testing/random_market.h"

namespace tsunagu::matching::market {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;

constexpr uint64_t Key(uint32_t merit, int32_t lot) { return uint64_t{merit} << 32 | static_cast<uint32_t>(lot); }

// Openings 0 and 1 are in facility 1, which is with opening 2 in municipality 0; opening 3 is in no set. Four nurses.
struct Input {
  Market market{.begin = {0, 2, 4, 6, 7},
                .choices = {{0, 1}, {1, 1}, {0, 2}, {2, 5}, {1, 3}, {3, 9}, {2, 4}},
                .posts = {1, 2, 1, 2}};
  Caps caps{.parent = {-1, 0}, .limit = {2, 1}, .set_of_opening = {1, 1, 0, -1}};
  Assigned assigned = {0, -1, 3, 2};
  Cutoffs cutoffs = {{Key(1, 0), kNoCutoff, Key(4, 3), kNoCutoff}, {Key(4, 3), Key(1, 0)}};
};

TEST(VerifyStableTest, TheExampleIsWhatTheSolverMakes) {
  const Input input;
  const Solution solution = Solve(input.market, input.caps);
  EXPECT_THAT(solution.assigned, ElementsAreArray(input.assigned));
  EXPECT_THAT(solution.cutoffs.of_opening, ElementsAreArray(input.cutoffs.of_opening));
  EXPECT_THAT(solution.cutoffs.of_set, ElementsAreArray(input.cutoffs.of_set));
  const Verdict verdict = VerifyStable(input.market, input.caps, input.assigned, input.cutoffs);
  EXPECT_TRUE(verdict.stable);
  EXPECT_THAT(verdict.findings, IsEmpty());
}

struct Case {
  std::string name;
  std::function<void(Input&)> spoil;
  std::vector<Finding> findings;
};

std::vector<Case> Cases() {
  using enum FindingKind;
  return {
      {"a nurse too few", [](Input& input) { input.assigned.pop_back(); }, {{kWrongSize}}},
      {"an opening too few", [](Input& input) { input.cutoffs.of_opening.pop_back(); }, {{kWrongSize}}},
      {"a set too many", [](Input& input) { input.cutoffs.of_set.push_back(kNoCutoff); }, {{kWrongSize}}},
      {"openings that there are not",
       [](Input& input) { input.assigned[1] = -2, input.assigned[2] = 4; },
       {{kUnknownOpening, 1, -2}, {kUnknownOpening, 2, 4}, {kBlocks, 2, 3}}},
      {"an opening that she did not choose", [](Input& input) { input.assigned[1] = 3; }, {{kNotOnList, 1, 3}}},
      {"an opening without a post left",
       [](Input& input) { input.assigned[1] = 2; },
       {{kOverPosts, -1, 2}, {kWrongCutoff, -1, 2}, {.kind = kOverLimit, .set = 0}, {.kind = kWrongCutoff, .set = 0}}},
      {"a set that is full",
       [](Input& input) { input.assigned[2] = 1; },
       {{.kind = kOverLimit, .set = 1}, {.kind = kWrongCutoff, .set = 1}, {.kind = kOverLimit, .set = 0}}},
      {"a post that she prefers", [](Input& input) { input.assigned[2] = -1; }, {{kBlocks, 2, 3}}},
      {"a cut-off too far ahead", [](Input& input) { --input.cutoffs.of_opening[2]; }, {{kWrongCutoff, -1, 2}}},
      {"a cut-off behind the next who would get in",
       [](Input& input) { input.cutoffs.of_set[1] = input.cutoffs.of_opening[0] = Key(2, 1); },
       {{kBlocks, 1, 0}, {kWrongCutoff, -1, 0}, {.kind = kWrongCutoff, .set = 1}}},
      {"a cut-off where a post is free",
       [](Input& input) { input.cutoffs.of_opening[3] = Key(9, 2); },
       {{kWrongCutoff, -1, 3}}},
      {"no cut-off where all is taken",
       [](Input& input) { input.cutoffs.of_set[0] = kNoCutoff; },
       {{.kind = kWrongCutoff, .set = 0}}},
  };
}

TEST(VerifyStableTest, WhatIsWrongIsNamed) {
  for (const Case& spoilt : Cases()) {
    Input input;
    spoilt.spoil(input);
    const Verdict verdict = VerifyStable(input.market, input.caps, input.assigned, input.cutoffs);
    EXPECT_FALSE(verdict.stable) << spoilt.name;
    EXPECT_EQ(verdict.finding_count, static_cast<int64_t>(spoilt.findings.size())) << spoilt.name;
    EXPECT_THAT(verdict.findings, ElementsAreArray(spoilt.findings)) << spoilt.name;
  }
}

// She is the last of the set, with the same merit at the opening that she prefers: the move harms nobody.
TEST(VerifyStableTest, TwoOpeningsInASetGoByHerOwnList) {
  const Market market{.begin = {0, 2}, .choices = {{0, 5}, {1, 5}}, .posts = {1, 1}};
  const Caps caps{.parent = {-1}, .limit = {1}, .set_of_opening = {0, 0}};
  const Solution solution = Solve(market, caps);
  EXPECT_EQ(solution.assigned[0], 0);
  EXPECT_TRUE(VerifyStable(market, caps, solution.assigned, solution.cutoffs).stable);
  const Cutoffs second = {{kNoCutoff, Key(5, 0)}, {Key(5, 0)}};
  EXPECT_THAT(VerifyStable(market, caps, {1}, second).findings,
              ElementsAreArray({Finding{FindingKind::kBlocks, 0, 0}}));
}

TEST(VerifyStableTest, FindingsAreCountedBeyondThoseThatAreListed) {
  Market market{.posts = {100}};
  for (int32_t nurse = 0; nurse < 30; ++nurse) {
    market.choices.push_back({0, 1});
    market.begin.push_back(market.choices.size());
  }
  const Verdict verdict = VerifyStable(market, Caps(), Assigned(30, -1), {{kNoCutoff}, {}});
  EXPECT_EQ(verdict.finding_count, 30);
  EXPECT_EQ(verdict.findings.size(), kMaxFindings);
  EXPECT_EQ(verdict.findings[7], (Finding{FindingKind::kBlocks, 7, 0}));
}

// Values that are close, plausible, or right for another opening.
std::vector<uint64_t> OtherCutoffs(const Cutoffs& cutoffs, uint64_t right) {
  std::vector<uint64_t> others = {0, 1, kNoCutoff, kNoCutoff - 1, right - 1, right + 1, right + (uint64_t{1} << 32)};
  others.insert(others.end(), cutoffs.of_opening.begin(), cutoffs.of_opening.end());
  others.insert(others.end(), cutoffs.of_set.begin(), cutoffs.of_set.end());
  return others;
}

TEST(VerifyStableTest, AnyChangedNumberIsRefused) {
  MarketMaker maker(4);
  int64_t changes = 0, merely_worse = 0;
  for (int i = 0; i < 1000; ++i) {
    Shape shape = {.nurses = 1 + maker.Below(12),
                   .openings = 1 + maker.Below(6),
                   .most_choices = 6,
                   .merits = 1 + maker.Below(4),
                   .sets = maker.Below(5),
                   .most_limit = 6};
    if (i % 20 == 0)
      shape = {.nurses = 80, .openings = 20, .most_choices = 9, .most_posts = 6, .sets = 9, .most_limit = 20};
    const Market market = maker.Make(shape);
    const Caps caps = maker.MakeCaps(shape);
    Solution solution = Solve(market, caps);
    const auto stable = [&] { return VerifyStable(market, caps, solution.assigned, solution.cutoffs).stable; };
    ASSERT_TRUE(stable()) << i;
    for (int32_t& entry : solution.assigned) {
      const int32_t right = entry;
      for (entry = -2; entry <= shape.openings; ++entry) {
        ASSERT_EQ(stable(), entry == right) << i;
        ++changes;
      }
      entry = right;
    }
    for (std::vector<uint64_t>* cutoffs : {&solution.cutoffs.of_opening, &solution.cutoffs.of_set}) {
      for (uint64_t& cutoff : *cutoffs) {
        const uint64_t right = cutoff;
        for (const uint64_t other : OtherCutoffs(solution.cutoffs, right)) {
          cutoff = other;
          const Verdict verdict = VerifyStable(market, caps, solution.assigned, solution.cutoffs);
          ASSERT_EQ(verdict.stable, other == right) << i;
          merely_worse += verdict.finding_count == 1;  // nobody would move: only the certificate is wrong
          ++changes;
        }
        cutoff = right;
      }
    }
  }
  EXPECT_GT(changes, 100'000);
  EXPECT_GT(merely_worse, 10'000);
}

}  // namespace
}  // namespace tsunagu::matching::market
