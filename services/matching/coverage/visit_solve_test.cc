#include "services/matching/coverage/visit_solve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "services/matching/coverage/testing/random_visits.h"
#include "services/matching/coverage/visit_verify.h"

namespace tsunagu::matching::coverage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int32_t kHoliday = market::kSlotsOfWeek;

// Supplies 0 and 1 each have one nurse on Monday, one on Tuesday and one on the Monday of the holidays. The openings,
// each with one post: 0 on Monday, 1 on Monday, 2 on Tuesday, 3 in the holidays. Every supply may go to every opening
// at no cost; pairs are in the order of supplies, then of openings.
VisitProblem Week() {
  VisitProblem problem;
  problem.limits.resize(2);
  for (market::VisitLimits& limits : problem.limits) {
    for (const int32_t slot : {0, 1, kHoliday}) limits.at_once[slot] = 1;
    limits.weekly = {9, 9};
    limits.all = 9;
  }
  problem.slots = {0, 0, 1, kHoliday};
  problem.posts.assign(4, 1);
  problem.weights.assign(4, 1);
  for (const int32_t supply : {0, 1}) {
    for (const int32_t opening : {0, 1, 2, 3}) problem.pairs.push_back({supply, opening, 0});
  }
  return problem;
}

// Adds an outermost set of openings.
void AddSet(VisitProblem& problem, int32_t limit, int32_t floor, const std::vector<int32_t>& openings) {
  problem.caps.set_of_opening.resize(problem.posts.size(), -1);
  for (const int32_t opening : openings) problem.caps.set_of_opening[opening] = problem.set_count();
  problem.caps.parent.push_back(-1);
  problem.caps.limit.push_back(limit);
  problem.floors.push_back(floor);
}

struct Case {
  std::string name;
  std::function<void(VisitProblem&)> change;
  std::vector<int32_t> counts;  // by pair: of supply 0 at openings 0 to 3, then of supply 1
};

class SolveVisitsTest : public testing::TestWithParam<Case> {};

TEST_P(SolveVisitsTest, FindsTheCover) {
  VisitProblem problem = Week();
  GetParam().change(problem);
  ASSERT_THAT(CheckVisitProblem(problem), IsEmpty());
  const auto found = SolveVisitCoverage(problem);
  ASSERT_TRUE(std::holds_alternative<VisitAnswer>(found));
  const VisitAnswer& answer = std::get<VisitAnswer>(found);
  EXPECT_EQ(answer.counts, GetParam().counts);
  EXPECT_TRUE(VerifyVisitCoverage(problem, answer.counts, answer.prices).best);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, SolveVisitsTest,
    testing::ValuesIn(std::vector<Case>{
        {"OfEqualsTheFirstPairHasMost", [](VisitProblem& p) {}, {1, 0, 1, 1, 0, 1, 0, 0}},
        {"AnotherOrderOfPairs", [](VisitProblem& p) { std::swap(p.pairs[0], p.pairs[1]); }, {1, 0, 1, 1, 1, 0, 0, 0}},
        {"TwoNursesAtOnce",
         [](VisitProblem& p) {
           p.posts[0] = 2;
           p.limits[0].at_once[0] = 2;
         },
         {2, 0, 1, 1, 0, 1, 0, 0}},
        {"AWeekOfSchool", [](VisitProblem& p) { p.limits[0].weekly[0] = 1; }, {1, 0, 0, 1, 0, 1, 1, 0}},
        {"BothWeeksTogether", [](VisitProblem& p) { p.limits[0].all = 2; }, {1, 0, 1, 0, 0, 1, 0, 1}},
        {"ShorterWays", [](VisitProblem& p) { p.pairs[0].cost = 1; }, {0, 1, 1, 1, 1, 0, 0, 0}},
        {"MoreVisitsBeforeShorterWays",
         [](VisitProblem& p) {
           p.limits[1].all = 1;
           p.pairs[5].cost = 900;
           p.pairs[4].cost = 900;
         },
         {1, 0, 1, 1, 0, 1, 0, 0}},
        {"WeightBeforeWays",
         [](VisitProblem& p) {
           p.weights[1] = 3;
           p.limits[0].all = p.limits[1].all = 1;
           p.pairs[1].cost = p.pairs[5].cost = 900;
         },
         {1, 0, 0, 0, 0, 1, 0, 0}},
        {"ACapLeavesTheFirst",
         [](VisitProblem& p) {
           AddSet(p, 1, 0, {0, 1});
         },
         {1, 0, 1, 1, 0, 0, 0, 0}},
        {"AFloorBeforeWeight",
         [](VisitProblem& p) {
           p.weights[0] = 9;
           p.limits[1].all = p.limits[0].all = 1;
           p.posts[0] = 2;
           AddSet(p, 9, 1, {2, 3});
         },
         {1, 0, 0, 0, 0, 0, 1, 0}},
    }),
    [](const auto& info) { return info.param.name; });

// Two visits on Monday are required, and the only eligible supply has one nurse then.
TEST(SolveVisitsTest, TellsWhyFloorsCannotBeMet) {
  VisitProblem problem = Week();
  problem.pairs = {{0, 0, 0}, {0, 1, 0}, {0, 2, 0}, {1, 3, 0}};
  AddSet(problem, 9, 2, {0, 1});
  const auto found = SolveVisitCoverage(problem);
  ASSERT_TRUE(std::holds_alternative<VisitShortage>(found));
  VisitShortage shortage = std::get<VisitShortage>(found);
  EXPECT_THAT(shortage.floors, ElementsAre(0));
  EXPECT_THAT(shortage.openings, ElementsAre(0, 1));
  EXPECT_EQ(shortage.wanted, 2);
  EXPECT_EQ(shortage.held, 0);
  EXPECT_EQ(shortage.supplied, 1) << "supply 0 has one nurse on Monday";
  ASSERT_TRUE(ProvesVisitShortage(problem, shortage));
  const auto refused = [&](const std::function<void(VisitShortage&)>& change) {
    VisitShortage changed = shortage;
    change(changed);
    EXPECT_FALSE(ProvesVisitShortage(problem, changed));
  };
  refused([](VisitShortage& s) { s.wanted = 3; });
  refused([](VisitShortage& s) { s.held = 1; });
  refused([](VisitShortage& s) { s.supplied = 0; });
  refused([](VisitShortage& s) { s.supplied = 2; });
  refused([](VisitShortage& s) { s.floors = {}; });
  refused([](VisitShortage& s) { s.floors = {1}; });
  refused([](VisitShortage& s) { s.floors = {0, 0}; });
  refused([](VisitShortage& s) { s.limits = {0}; });
  refused([](VisitShortage& s) { s.openings = {0}; });
  refused([](VisitShortage& s) { s.bounded_openings = {2}; });
}

// If all distances are equal, the number of ties is as large as possible.
TEST(SolveVisitsTest, FindsTheCoverOfAPrefecture) {
  for (const int32_t most_cost : {0, 3, 30'000}) {
    const VisitProblem problem = PrefectureOfVisits(40, 150, most_cost, 11);
    ASSERT_THAT(CheckVisitProblem(problem), IsEmpty());
    const auto found = SolveVisitCoverage(problem);
    ASSERT_TRUE(std::holds_alternative<VisitAnswer>(found));
    const VisitAnswer& answer = std::get<VisitAnswer>(found);
    EXPECT_TRUE(VerifyVisitCoverage(problem, answer.counts, answer.prices).best) << most_cost;
  }
}

}  // namespace
}  // namespace tsunagu::matching::coverage
