#include "services/matching/coverage/problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

namespace tsunagu::matching::coverage {

bool operator==(const Fault& a, const Fault& b) {
  return a.kind == b.kind && a.nurse == b.nurse && a.opening == b.opening && a.set == b.set;
}
void PrintTo(const Fault& fault, std::ostream* out) {
  *out << "{kind " << static_cast<int>(fault.kind) << ", nurse " << fault.nurse << ", opening " << fault.opening
       << ", set " << fault.set << "}";
}

namespace {

using ::testing::ElementsAreArray;

// Two nurses who may both go to either of two openings with two posts each; a prefecture (set 0) contains a town (set
// 1) with the second opening.
CoverageProblem Sound() {
  CoverageProblem problem;
  problem.market.begin = {0, 2, 4};
  problem.market.choices = {{0}, {1}, {1}, {0}};
  problem.market.posts = {2, 2};
  problem.costs = {5, 7, 0, 9};
  problem.weights = {1, 3};
  problem.caps.parent = {-1, 0};
  problem.caps.limit = {3, 2};
  problem.caps.set_of_opening = {0, 1};
  problem.floors = {2, 1};
  return problem;
}

struct FaultCase {
  std::string name;
  std::function<void(CoverageProblem&)> change;
  std::vector<Fault> faults;
};

class CheckProblemTest : public testing::TestWithParam<FaultCase> {};

TEST_P(CheckProblemTest, TellsEveryFault) {
  CoverageProblem problem = Sound();
  GetParam().change(problem);
  EXPECT_THAT(CheckProblem(problem), ElementsAreArray(GetParam().faults));
}

constexpr int32_t kMost = std::numeric_limits<int32_t>::max();

INSTANTIATE_TEST_SUITE_P(
    Cases, CheckProblemTest,
    testing::ValuesIn(std::vector<FaultCase>{
        {"Sound", [](CoverageProblem& p) {}, {}},
        {"NoSets",
         [](CoverageProblem& p) {
           p.caps = {};
           p.floors = {};
         },
         {}},
        {"Nobody", [](CoverageProblem& p) { p = CoverageProblem(); }, {}},
        {"CostMissing", [](CoverageProblem& p) { p.costs.pop_back(); }, {{FaultKind::kWrongSize}}},
        {"WeightMissing", [](CoverageProblem& p) { p.weights.pop_back(); }, {{FaultKind::kWrongSize}}},
        {"FloorMissing", [](CoverageProblem& p) { p.floors.pop_back(); }, {{FaultKind::kWrongSize}}},
        {"LimitMissing", [](CoverageProblem& p) { p.caps.limit.pop_back(); }, {{FaultKind::kWrongSize}}},
        {"OpeningOfNoSetGiven", [](CoverageProblem& p) { p.caps.set_of_opening.clear(); }, {{FaultKind::kWrongSize}}},
        {"ListsEndBeforeTheyBegin",
         [](CoverageProblem& p) {
           p.market.begin = {0, 5, 4};
         },
         {{FaultKind::kWrongSize}}},
        {"UnknownOpening",
         [](CoverageProblem& p) { p.market.choices[1].opening = 2; },
         {{FaultKind::kUnknownOpening, 0, 2}}},
        {"OpeningTwice",
         [](CoverageProblem& p) { p.market.choices[3].opening = 1; },
         {{FaultKind::kOpeningTwice, 1, 1}}},
        {"EveryNegativeNumber",
         [](CoverageProblem& p) {
           p.costs[2] = -1;
           p.weights[0] = -2;
           p.market.posts[1] = -3;
           p.caps.limit[0] = -4;
           p.floors[1] = -5;
         },
         {{FaultKind::kNegativeCost, 1, 1},
          {FaultKind::kNegativeWeight, -1, 0},
          {FaultKind::kNegativePosts, -1, 1},
          {FaultKind::kNegativeLimit, -1, -1, 0},
          {FaultKind::kNegativeFloor, -1, -1, 1}}},
        {"SetInItself", [](CoverageProblem& p) { p.caps.parent[1] = 1; }, {{FaultKind::kParentNotBefore, -1, -1, 1}}},
        {"UnknownSet",
         [](CoverageProblem& p) {
           p.caps.set_of_opening = {-2, 2};
         },
         {{FaultKind::kUnknownSet, -1, 0, -2}, {FaultKind::kUnknownSet, -1, 1, 2}}},
        {"FloorAboveLimit", [](CoverageProblem& p) { p.floors[0] = 4; }, {{FaultKind::kFloorAboveLimit, -1, -1, 0}}},
        {"FloorAbovePosts",
         [](CoverageProblem& p) { p.market.posts[1] = 0; },
         {{FaultKind::kFloorAbovePosts, -1, -1, 1}}},
        {"FloorAboveWhatLimitsWithinLeave",
         [](CoverageProblem& p) {
           p.market.posts = {0, 5};
           p.floors[0] = 3;
         },
         {{FaultKind::kFloorAbovePosts, -1, -1, 0}}},
        {"FloorsWithinAboveLimit",
         [](CoverageProblem& p) {
           p.caps.limit[0] = 1;
           p.floors = {0, 2};
         },
         {{FaultKind::kFloorsAboveLimit, -1, -1, 0}}},
        {"AFaultWithinIsNotToldTwice",
         [](CoverageProblem& p) {
           p.floors = {0, 9};
         },
         {{FaultKind::kFloorAboveLimit, -1, -1, 1}}},
        {"SumOfFloors",
         [](CoverageProblem& p) {
           p.caps = {{-1, -1}, {kMost, kMost}, {0, 1}};
           p.market.posts = {kMost, kMost};
           p.floors = {kMost, kMost};
         },
         {{FaultKind::kTooLarge}}},
        {"LargestPostsAndLimits",
         [](CoverageProblem& p) {
           p.caps.limit.assign(2, kMost);
           p.market.posts = {kMost, kMost};
         },
         {}},
        {"LargestCostsAlone", [](CoverageProblem& p) { p.costs.assign(4, kMost); }, {}},
        {"LargestWeightsAlone", [](CoverageProblem& p) { p.weights.assign(2, kMost); }, {}},
        {"Both",
         [](CoverageProblem& p) {
           p.costs.assign(4, kMost);
           p.weights.assign(2, kMost);
         },
         {{FaultKind::kTooLarge}}},
    }),
    [](const auto& info) { return info.param.name; });

TEST(ScaleTest, AUnitOfWeightIsMoreThanAllCostsThatASwapCanChange) {
  const Scale scale = ScaleOf(Sound());
  EXPECT_EQ(scale.unit, 2 * 9 + 1);
  EXPECT_EQ(GainOf(Sound(), scale, 1), 3 * scale.unit - 7);
  EXPECT_GE(scale.most, 3 * scale.unit);
}

}  // namespace
}  // namespace tsunagu::matching::coverage
