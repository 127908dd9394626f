#include "services/matching/coverage/visit_problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace tsunagu::matching::coverage {
namespace {

using ::testing::ElementsAreArray;

// A supply that may go to both of two openings; the second is in a town of the prefecture.
VisitProblem Sound() {
  VisitProblem problem;
  problem.limits.resize(1);
  problem.limits[0].at_once.fill(1);
  problem.limits[0].weekly = {2, 2};
  problem.limits[0].all = 3;
  problem.slots = {0, 14};
  problem.posts = {2, 2};
  problem.weights = {1, 3};
  problem.caps = {{-1, 0}, {3, 2}, {0, 1}};
  problem.floors = {2, 1};
  problem.pairs = {{0, 0, 5}, {0, 1, 9}};
  return problem;
}

struct FaultCase {
  std::string name;
  std::function<void(VisitProblem&)> change;
  std::vector<FaultKind> faults;
};

class CheckVisitProblemTest : public testing::TestWithParam<FaultCase> {};

TEST_P(CheckVisitProblemTest, TellsEveryFault) {
  VisitProblem problem = Sound();
  GetParam().change(problem);
  std::vector<FaultKind> kinds;
  for (const Fault& fault : CheckVisitProblem(problem)) kinds.push_back(fault.kind);
  EXPECT_THAT(kinds, ElementsAreArray(GetParam().faults));
}

constexpr int32_t kMost = std::numeric_limits<int32_t>::max();

INSTANTIATE_TEST_SUITE_P(
    Cases, CheckVisitProblemTest,
    testing::ValuesIn(std::vector<FaultCase>{
        {"Sound", [](VisitProblem& p) {}, {}},
        {"NoSets",
         [](VisitProblem& p) {
           p.caps = {};
           p.floors = {};
         },
         {}},
        {"Nobody", [](VisitProblem& p) { p = VisitProblem(); }, {}},
        {"SlotMissing", [](VisitProblem& p) { p.slots.pop_back(); }, {FaultKind::kWrongSize}},
        {"WeightMissing", [](VisitProblem& p) { p.weights.pop_back(); }, {FaultKind::kWrongSize}},
        {"FloorMissing", [](VisitProblem& p) { p.floors.pop_back(); }, {FaultKind::kWrongSize}},
        {"OpeningOfNoSetGiven", [](VisitProblem& p) { p.caps.set_of_opening.clear(); }, {FaultKind::kWrongSize}},
        {"UnknownSupply", [](VisitProblem& p) { p.pairs[1].supply = 1; }, {FaultKind::kUnknownSupply}},
        {"UnknownOpening", [](VisitProblem& p) { p.pairs[1].opening = -1; }, {FaultKind::kUnknownOpening}},
        {"PairTwice", [](VisitProblem& p) { p.pairs[1].opening = 0; }, {FaultKind::kOpeningTwice}},
        {"NobodyInThatHalfDay", [](VisitProblem& p) { p.limits[0].at_once[14] = 0; }, {FaultKind::kNoRoom}},
        {"NobodyInThatWeek", [](VisitProblem& p) { p.limits[0].weekly[1] = 0; }, {FaultKind::kNoRoom}},
        {"NoPosts", [](VisitProblem& p) { p.posts[0] = 0; }, {FaultKind::kNoRoom}},
        {"EveryNegativeNumber",
         [](VisitProblem& p) {
           p.limits[0].at_once[3] = -1;
           p.slots[0] = -2;
           p.posts[0] = -3;
           p.weights[0] = 0;
           p.caps.limit[0] = -4;
           p.floors[1] = -5;
         },
         {FaultKind::kNegativeVisits, FaultKind::kUnknownSlot, FaultKind::kNegativePosts, FaultKind::kNoWeight,
          FaultKind::kNegativeLimit, FaultKind::kNegativeFloor}},
        {"NegativeCost", [](VisitProblem& p) { p.pairs[0].cost = -1; }, {FaultKind::kNegativeCost}},
        {"SlotBeyondTheWeeks", [](VisitProblem& p) { p.slots[1] = market::kSlots; }, {FaultKind::kUnknownSlot}},
        {"SetInItself", [](VisitProblem& p) { p.caps.parent[1] = 1; }, {FaultKind::kParentNotBefore}},
        {"UnknownSet",
         [](VisitProblem& p) {
           p.caps.set_of_opening = {-2, 2};
         },
         {FaultKind::kUnknownSet, FaultKind::kUnknownSet}},
        {"FloorAboveLimit", [](VisitProblem& p) { p.floors[0] = 4; }, {FaultKind::kFloorAboveLimit}},
        {"FloorAbovePosts",
         [](VisitProblem& p) {
           p.posts = {1, 1};
           p.floors[0] = 3;
         },
         {FaultKind::kFloorAbovePosts}},
        {"FloorsWithinAboveLimit",
         [](VisitProblem& p) {
           p.caps.limit[0] = 1;
           p.floors = {0, 2};
         },
         {FaultKind::kFloorsAboveLimit}},
        {"LargestLimits",
         [](VisitProblem& p) {
           p.caps.limit.assign(2, kMost);
           p.limits[0].all = kMost;
         },
         {}},
        {"PostsOfAllOpenings",
         [](VisitProblem& p) {
           p.posts = {kMost, 2};
         },
         {FaultKind::kTooLarge}},
        {"LargestCostsAlone", [](VisitProblem& p) { p.pairs[0].cost = kMost; }, {}},
        {"CostsAndWeights",
         [](VisitProblem& p) {
           p.pairs[0].cost = kMost;
           p.weights[0] = kMost;
         },
         {FaultKind::kTooLarge}},
    }),
    [](const auto& info) { return info.param.name; });

TEST(VisitScaleTest, AUnitOfWeightIsMoreThanAllCostsThatACircleCanChange) {
  const Scale scale = ScaleOf(Sound());
  EXPECT_EQ(scale.unit, (2 + 1) * 9 + 1);
  EXPECT_EQ(GainOf(Sound(), scale, {0, 1, 9}), 3 * scale.unit - 9);
  EXPECT_GT(scale.beyond_price, 4 * scale.most);
}

}  // namespace
}  // namespace tsunagu::matching::coverage
