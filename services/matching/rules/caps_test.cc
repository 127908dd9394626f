// Compares the solver and the verifier under caps with the definition of the market, on every matching of many tiny
// instances.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "services/matching/market/testing/definition.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/priority.h"
#include "services/matching/rules/testing/random_instance.h"
#include "services/matching/rules/verify.h"

namespace tsunagu::matching::rules {
namespace {

// Sorts the nurses by lot, as in a market.
Instance ByLot(Instance instance) {
  const auto lot = [&](const Nurse& nurse) { return std::pair(DrawLot(instance.seed, nurse.name), nurse.name); };
  std::sort(instance.nurses.begin(), instance.nurses.end(),
            [&](const Nurse& a, const Nurse& b) { return lot(a) < lot(b); });
  return instance;
}

// Converts such an instance to a market by sorting the priorities.
market::Market ToMarket(const Instance& instance) {
  market::Market market;
  std::map<std::pair<int32_t, int64_t>, uint32_t> merits;
  const auto merit_of = [&](int32_t nurse, int32_t opening) {
    const PriorityKey key = PriorityOf(instance.nurses[nurse], instance.openings[opening], 0);
    return std::pair(-key.extra_skills, key.metres);
  };
  const auto count = static_cast<int32_t>(instance.nurses.size());
  for (int32_t nurse = 0; nurse < count; ++nurse) {
    for (size_t i = 0; i < instance.openings.size(); ++i) merits[merit_of(nurse, static_cast<int32_t>(i))] = 0;
  }
  uint32_t rank = 0;
  for (auto& [key, merit] : merits) merit = rank++;
  Candidates candidates(instance);
  for (int32_t nurse = 0; nurse < count; ++nurse) {
    for (const int32_t opening : candidates.Of(nurse)) {
      market.choices.push_back({opening, merits.at(merit_of(nurse, opening))});
    }
    market.begin.push_back(market.choices.size());
  }
  for (const Opening& opening : instance.openings) market.posts.push_back(opening.posts);
  return market;
}

// A cap of all openings, one of two of them, and one of one of these; each with a limit that may be reached.
void AddCaps(InstanceMaker& maker, Instance& instance, market::Caps& caps) {
  instance.caps = {{maker.Below(4), {0, 1, 2}}, {maker.Below(3), {0, 2}}, {maker.Below(3), {2}}};
  caps.parent = {-1, 0, 1};
  for (const Cap& cap : instance.caps) caps.limit.push_back(cap.limit);
  caps.set_of_opening = {1, 0, 2};
}

TEST(CapsTest, EveryMatchingIsJudgedAsTheDefinitionDoesAndTheBestIsFound) {
  InstanceMaker maker(3);
  int stable_count = 0, bound = 0;
  for (int round = 0; round < 3'000; ++round) {
    Instance instance = ByLot(maker.Make({.nurses = 4, .openings = 3, .extent_e6 = 60'000}));
    const Instance free = instance;
    market::Caps caps;
    AddCaps(maker, instance, caps);
    const market::Market market = ToMarket(instance);
    const market::Definition definition(market, caps);
    const std::vector<int32_t> best = Solve(instance).opening_of_nurse;
    ASSERT_TRUE(definition.Stable(best)) << round;
    bound += best == Solve(free).opening_of_nurse ? 0 : 1;
    std::vector<int32_t> assigned(4);
    for (int code = 0; code < 4 * 4 * 4 * 4; ++code) {
      for (int nurse = 0; nurse < 4; ++nurse) assigned[nurse] = (code >> (2 * nurse) & 3) - 1;
      const bool stable = definition.Stable(assigned);
      ASSERT_EQ(VerifyMatching(instance, assigned).stable, stable) << round << " " << code;
      if (!stable) continue;
      ++stable_count;
      for (int nurse = 0; nurse < 4; ++nurse) {
        ASSERT_LE(definition.Rank(nurse, best[nurse]), definition.Rank(nurse, assigned[nurse])) << round;
      }
    }
  }
  EXPECT_GT(stable_count, 3'000) << "some have several";
  EXPECT_GT(bound, 500) << "no cap has done anything";
}

// The lists are longer than one reading, so they are read again under caps.
TEST(CapsTest, LongListsEndAndAreStable) {
  InstanceMaker maker(4);
  for (int round = 0; round < 20; ++round) {
    Instance instance = ByLot(maker.Make({.nurses = 150, .openings = 120, .alike = true}));
    std::vector<int32_t> half, quarter;
    for (int32_t i = 0; i < 120; ++i) {
      if (i % 2 == 0) half.push_back(i);
      if (i % 4 == 0) quarter.push_back(i);
    }
    instance.caps = {{maker.Below(60), half}, {maker.Below(20), quarter}};
    EXPECT_TRUE(VerifyMatching(instance, Solve(instance).opening_of_nurse).stable) << round;
  }
}

TEST(CapsTest, WhatIsOverACapIsNamed) {
  InstanceMaker maker(5);
  Instance instance = ByLot(maker.Make({.nurses = 3, .openings = 3, .fewest_posts = 2, .alike = true}));
  const std::vector<int32_t> assigned = Solve(instance).opening_of_nurse;
  instance.caps = {{3, {0, 1, 2}}, {0, {assigned[0]}}};
  const Verdict verdict = VerifyMatching(instance, assigned);
  ASSERT_FALSE(verdict.stable);
  EXPECT_EQ(verdict.findings[0].kind, FindingKind::kOverCap);
  EXPECT_EQ(verdict.findings[0].cap, 1);
}

}  // namespace
}  // namespace tsunagu::matching::rules
