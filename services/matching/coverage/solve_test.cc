#include "services/matching/coverage/solve.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <variant>
#include <vector>

#include "services/matching/coverage/shortage.h"
#include "services/matching/coverage/testing/random_problem.h"
#include "services/matching/coverage/verify.h"

namespace tsunagu::matching::coverage {
namespace {

Answer AnswerOf(const CoverageProblem& problem, Engine engine) {
  const auto outcome = SolveCoverage(problem, engine);
  EXPECT_TRUE(std::holds_alternative<Answer>(outcome));
  return std::get<Answer>(outcome);
}

struct Family {
  std::string name;
  bool geographic = false;
  Shape shape;
};

class EnginesTest : public testing::TestWithParam<Family> {};

TEST_P(EnginesTest, FindTheSame) {
  const Family& family = GetParam();
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const CoverageProblem problem =
        family.geographic ? GeographicProblem(family.shape, seed) : RandomProblem(family.shape, seed);
    ASSERT_TRUE(CheckProblem(problem).empty());
    const Answer answer = AnswerOf(problem, Engine::kNetwork);
    EXPECT_EQ(AnswerOf(problem, Engine::kNurses), answer);
    EXPECT_EQ(AnswerOf(problem, Engine::kPairs), answer);
    EXPECT_EQ(VerifyCoverage(problem, answer.assigned, answer.prices).finding_count, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Families, EnginesTest,
                         testing::ValuesIn(std::vector<Family>{
                             {"RandomCongested", false, {2000, 200, 10, 90}},
                             {"RandomScarce", false, {2000, 200, 10, 200}},
                             {"RandomManyTies", false, {2000, 100, 10, 100, 3, 2}},
                             {"RandomWeighted", false, {2000, 200, 10, 80, 100, 9}},
                             {"GeographicCongested", true, {2000, 200, 10, 100}},
                             {"GeographicScarce", true, {2000, 200, 10, 200}},
                             {"GeographicWeighted", true, {2000, 200, 10, 70, 1, 5}},
                             {"FewPosts", true, {2000, 400, 10, 10}},
                         }),
                         [](const auto& info) { return info.param.name; });

// Adds a region for each ten openings, with a limit and a floor, within a prefecture of all with a limit.
void AddRegions(CoverageProblem& problem, int32_t limit, int32_t floor) {
  const int32_t regions = problem.market.opening_count() / 10;
  problem.caps.parent.assign(static_cast<size_t>(regions) + 1, 0);
  problem.caps.parent[0] = -1;
  problem.caps.limit.assign(static_cast<size_t>(regions) + 1, limit);
  problem.caps.limit[0] = problem.market.nurse_count() * 7 / 10;
  problem.floors.assign(static_cast<size_t>(regions) + 1, floor);
  for (int32_t opening = 0; opening < problem.market.opening_count(); ++opening) {
    problem.caps.set_of_opening.push_back(1 + opening % regions);
  }
}

TEST(SolveTest, LimitsAndFloorsOfRegions) {
  CoverageProblem problem = GeographicProblem({2000, 200, 10, 100}, 5);
  AddRegions(problem, 80, 69);
  ASSERT_TRUE(CheckProblem(problem).empty());
  const Answer answer = AnswerOf(problem, EngineFor(problem));
  EXPECT_TRUE(VerifyCoverage(problem, answer.assigned, answer.prices).best);
  const auto sum = [](const std::vector<int64_t>& prices) {
    return std::accumulate(prices.begin(), prices.end(), int64_t{0});
  };
  EXPECT_GT(sum(answer.prices.limits), 0);
  EXPECT_GT(sum(answer.prices.floors), 0);
}

TEST(SolveTest, TheLargestNumbers) {
  constexpr int32_t kMost = std::numeric_limits<int32_t>::max();
  CoverageProblem problem = RandomProblem({40, 10, 3, 100}, 2);
  problem.market.posts.assign(10, kMost);
  problem.market.posts[3] = 1;
  for (int32_t& cost : problem.costs) cost += kMost - 1'000;
  problem.weights.assign(10, 100'000);
  ASSERT_TRUE(CheckProblem(problem).empty());
  const Answer without_sets = AnswerOf(problem, Engine::kNetwork);
  EXPECT_EQ(AnswerOf(problem, Engine::kPairs), without_sets);
  problem.caps = {{-1, 0}, {kMost, kMost}, std::vector<int32_t>(10, 1)};
  problem.floors = {0, 40};
  ASSERT_TRUE(CheckProblem(problem).empty());
  const Answer answer = AnswerOf(problem, Engine::kNetwork);
  EXPECT_EQ(answer.assigned, without_sets.assigned);
  EXPECT_TRUE(VerifyCoverage(problem, answer.assigned, answer.prices).best);
}

// Eight nurses: one may go to opening 0, all others to opening 1, which is in a town with a limit of three. The
// prefecture around both requires five.
CoverageProblem ShortOfNurses() {
  CoverageProblem problem;
  for (int32_t nurse = 0; nurse < 8; ++nurse) {
    problem.market.choices.push_back({nurse == 6 ? 0 : 1});
    problem.market.begin.push_back(problem.market.choices.size());
    problem.costs.push_back(1);
  }
  problem.market.posts = {9, 9, 9};
  problem.weights = {1, 1, 1};
  problem.caps = {{-1, 0}, {20, 3}, {0, 1, -1}};
  problem.floors = {5, 0};
  return problem;
}

TEST(ShortageTest, NamesSetsAndCountsNurses) {
  const CoverageProblem problem = ShortOfNurses();
  ASSERT_TRUE(CheckProblem(problem).empty());
  const auto outcome = SolveCoverage(problem);
  ASSERT_TRUE(std::holds_alternative<Shortage>(outcome));
  EXPECT_EQ(std::get<Shortage>(outcome), (Shortage{{0}, {1}, {}, {0}, 5, 3, 1}));
}

struct EngineCase {
  std::string name;
  bool geographic = false;
  Shape shape;
  Engine engine = Engine::kNetwork;
};

class EngineForTest : public testing::TestWithParam<EngineCase> {};

TEST_P(EngineForTest, GoesByScarcityAndDensity) {
  const EngineCase& one = GetParam();
  CoverageProblem problem = one.geographic ? GeographicProblem(one.shape, 1) : RandomProblem(one.shape, 1);
  EXPECT_EQ(EngineFor(problem), one.engine);
  AddRegions(problem, 80, 0);
  EXPECT_EQ(EngineFor(problem), Engine::kNetwork);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, EngineForTest,
    testing::ValuesIn(std::vector<EngineCase>{
        {"Scarce", false, {2000, 200, 10, 200}, Engine::kNurses},
        {"JustScarce", true, {2000, 200, 10, 135}, Engine::kNurses},
        {"AsManyPosts", false, {2000, 200, 10, 100}, Engine::kPairs},
        {"CongestedFarAndWide", false, {5000, 500, 10, 90}, Engine::kNetwork},
        {"CongestedNear", true, {5000, 100, 10, 90}, Engine::kPairs},
        {"CongestedFewNursesAnOpening", true, {2000, 200, 10, 90}, Engine::kNetwork},
        {"CongestedAtOpeningsThatWeighMore", true, {5000, 100, 10, 90, 1000, 5}, Engine::kNetwork},
        {"AsManyPostsButWeightsDiffer", true, {5000, 100, 10, 100, 1000, 5}, Engine::kNetwork},
        {"ScarceButWeightsDiffer", false, {2000, 200, 10, 400, 1000, 5}, Engine::kNetwork},
        {"SoManyPostsThatWeightsDoNotMatter", false, {2000, 200, 10, 2000, 1000, 5}, Engine::kNurses},
        {"PostsThatNobodyChoosesDoNotCount", false, {2000, 4000, 1, 10'000}, Engine::kPairs},
    }),
    [](const auto& info) { return info.param.name; });

struct ShortageCase {
  std::string name;
  std::function<void(CoverageProblem&, Shortage&)> change;
  bool proves = false;
};

class ProvesShortageTest : public testing::TestWithParam<ShortageCase> {};

TEST_P(ProvesShortageTest, CountsAgain) {
  CoverageProblem problem = ShortOfNurses();
  Shortage shortage = {{0}, {1}, {}, {0}, 5, 3, 1};
  GetParam().change(problem, shortage);
  EXPECT_EQ(ProvesShortage(problem, shortage), GetParam().proves);
}

INSTANTIATE_TEST_SUITE_P(Cases, ProvesShortageTest,
                         testing::ValuesIn(std::vector<ShortageCase>{
                             {"True", [](CoverageProblem& p, Shortage& s) {}, true},
                             {"OneNurseMoreWouldDo",
                              [](CoverageProblem& p, Shortage& s) {
                                p.market.choices[0].opening = 0;
                                s.eligible = 2;
                              }},
                             {"NurseNotCounted",
                              [](CoverageProblem& p, Shortage& s) { p.market.choices[0].opening = 0; }},
                             {"HigherLimit",
                              [](CoverageProblem& p, Shortage& s) {
                                p.caps.limit[1] = 4;
                                s.held = 4;
                              }},
                             {"LowerFloor",
                              [](CoverageProblem& p, Shortage& s) {
                                p.floors[0] = 4;
                                s.wanted = 4;
                              }},
                             {"PostsThatHoldAsWell",
                              [](CoverageProblem& p, Shortage& s) {
                                p.market.posts[1] = 3;
                                s.limits = {};
                                s.bounded_openings = {1};
                              },
                              true},
                             {"OpeningLeftOut",
                              [](CoverageProblem& p, Shortage& s) {
                                s.openings = {};
                                s.eligible = 0;
                              }},
                             {"LimitLeftOut",
                              [](CoverageProblem& p, Shortage& s) {
                                s.limits = {};
                                s.held = 0;
                              }},
                             {"FloorTwice",
                              [](CoverageProblem& p, Shortage& s) {
                                s.floors = {0, 0};
                                s.wanted = 10;
                              }},
                             {"UnknownSet",
                              [](CoverageProblem& p, Shortage& s) {
                                s.floors = {0, 2};
                              }},
                             {"UnknownOpening",
                              [](CoverageProblem& p, Shortage& s) {
                                s.openings = {0, 3};
                              }},
                             {"OpeningElsewhereIsNoHarm",
                              [](CoverageProblem& p, Shortage& s) {
                                s.openings = {0, 2};
                              },
                              true},
                         }),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace tsunagu::matching::coverage
