#include "services/matching/coverage/visit_verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "services/matching/coverage/testing/random_visits.h"
#include "services/matching/coverage/visit_solve.h"

namespace tsunagu::matching::coverage {
namespace {

using ::testing::IsEmpty;

// Two supplies, each with up to two visits a week, one at a time. Opening 0 wants one visit on Monday, opening 1 wants
// two on the same morning, opening 2 wants one on Tuesday; 1 and 2 are in a region with a limit of two and a floor of
// one. Opening 0 counts twice.
VisitProblem TwoSupplies() {
  VisitProblem problem;
  problem.limits.resize(2);
  for (market::VisitLimits& limits : problem.limits) {
    limits.at_once[0] = limits.at_once[1] = 1;
    limits.weekly = {2, 0};
    limits.all = 2;
  }
  problem.slots = {0, 0, 1};
  problem.posts = {1, 2, 1};
  problem.weights = {2, 1, 1};
  problem.caps = {{-1}, {2}, {-1, 0, 0}};
  problem.floors = {1};
  problem.pairs = {{0, 0, 10}, {0, 1, 3}, {0, 2, 7}, {1, 0, 4}, {1, 1, 9}, {1, 2, 7}};
  return problem;
}

VisitAnswer AnswerOf(const VisitProblem& problem) { return std::get<VisitAnswer>(SolveVisitCoverage(problem)); }

// Supply 1 at opening 0 costs 4, supply 0 at opening 1 costs 3, and on Tuesday supply 0 costs 7, since its pair comes
// first of equals: 14. The other way round it would be 10, 9 and 7.
TEST(VisitVerifyTest, AcceptsTheAnswerAndItsPrices) {
  const VisitProblem problem = TwoSupplies();
  const VisitAnswer answer = AnswerOf(problem);
  EXPECT_EQ(answer.counts, (std::vector<int32_t>{0, 1, 1, 1, 0, 0}));
  // One more post at opening 0 would get supply 0 for 10, which costs 3 where it is and counts half as much there. One
  // more at opening 2 would get supply 1 for 7 if the region were also allowed one more.
  const int64_t unit = ScaleOf(problem).unit;
  EXPECT_EQ(answer.prices.openings, (std::vector<int64_t>{unit - 7, 0, unit - 7}));
  const Verdict verdict = VerifyVisitCoverage(problem, answer.counts, answer.prices);
  EXPECT_TRUE(verdict.best);
  EXPECT_THAT(verdict.findings, IsEmpty());
}

struct FindingCase {
  std::string name;
  std::function<void(VisitProblem&, VisitAnswer&)> change;
  FindingKind kind;
};

class VisitFindingTest : public testing::TestWithParam<FindingCase> {};

TEST_P(VisitFindingTest, IsTold) {
  VisitProblem problem = TwoSupplies();
  VisitAnswer answer = AnswerOf(problem);
  GetParam().change(problem, answer);
  const Verdict verdict = VerifyVisitCoverage(problem, answer.counts, answer.prices);
  EXPECT_FALSE(verdict.best);
  std::vector<FindingKind> kinds;
  for (const Finding& finding : verdict.findings) kinds.push_back(finding.kind);
  EXPECT_THAT(kinds, testing::Contains(GetParam().kind));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, VisitFindingTest,
    testing::ValuesIn(std::vector<FindingCase>{
        {"PairMissing", [](VisitProblem& p, VisitAnswer& a) { a.counts.pop_back(); }, FindingKind::kWrongSize},
        {"PriceMissing", [](VisitProblem& p, VisitAnswer& a) { a.prices.slots.pop_back(); }, FindingKind::kWrongSize},
        {"FewerThanNone", [](VisitProblem& p, VisitAnswer& a) { a.counts[0] = -1; }, FindingKind::kNotChosen},
        {"OverPosts", [](VisitProblem& p, VisitAnswer& a) { a.counts[5] = 1; }, FindingKind::kOverPosts},
        {"TwiceAtOnce", [](VisitProblem& p, VisitAnswer& a) { a.counts[1] = 2; }, FindingKind::kOverSupply},
        {"OverTheWeek", [](VisitProblem& p, VisitAnswer& a) { p.limits[0].weekly[0] = 1; }, FindingKind::kOverSupply},
        {"OverBothWeeks", [](VisitProblem& p, VisitAnswer& a) { p.limits[0].all = 1; }, FindingKind::kOverSupply},
        {"OverLimit", [](VisitProblem& p, VisitAnswer& a) { p.caps.limit[0] = 1; }, FindingKind::kOverLimit},
        {"UnderFloor", [](VisitProblem& p, VisitAnswer& a) { p.floors[0] = 3; }, FindingKind::kUnderFloor},
        {"NegativePrice", [](VisitProblem& p, VisitAnswer& a) { a.prices.weeks[0] = -1; }, FindingKind::kWrongPrice},
        {"PriceOutOfReach", [](VisitProblem& p, VisitAnswer& a) { a.prices.openings[0] = int64_t{1} << 62; },
         FindingKind::kWrongPrice},
        {"BothLimitAndFloorCost", [](VisitProblem& p, VisitAnswer& a) { a.prices.limits[0] = a.prices.floors[0] = 1; },
         FindingKind::kWrongPrice},
        {"PriceOfAHalfDayThatNobodyUses", [](VisitProblem& p, VisitAnswer& a) { a.prices.slots[9] = 1; },
         FindingKind::kPriceNotFull},
        {"PriceOfAFloorThatIsExceeded", [](VisitProblem& p, VisitAnswer& a) { a.prices.floors[0] = 1; },
         FindingKind::kPriceNotTight},
        {"TheOtherWayRound", [](VisitProblem& p, VisitAnswer& a) { a.counts = {1, 0, 1, 0, 1, 0}; },
         FindingKind::kBetterChoice},
        {"AVisitLess", [](VisitProblem& p, VisitAnswer& a) { a.counts[3] = 0; }, FindingKind::kPriceNotFull},
        {"CheaperThanItMayBe", [](VisitProblem& p, VisitAnswer& a) { a.prices.openings[0] -= 1; },
         FindingKind::kBetterChoice},
    }),
    [](const auto& info) { return info.param.name; });

// A problem that is too large to enumerate; any single number of the answer is changed.
TEST(VisitVerifyTest, AnyChangeIsRefused) {
  const VisitProblem problem = PrefectureOfVisits(12, 15, 40, 7);
  ASSERT_THAT(CheckVisitProblem(problem), IsEmpty());
  VisitAnswer answer = AnswerOf(problem);
  const auto best = [&] { return VerifyVisitCoverage(problem, answer.counts, answer.prices).best; };
  ASSERT_TRUE(best());
  const auto change = [&](auto& numbers) {
    for (auto& number : numbers) {
      for (const int by : {-1000, -1, 1, 1000}) {
        number += by;
        ASSERT_FALSE(best());
        number -= by;
      }
    }
  };
  change(answer.counts);
  change(answer.prices.supplies);
  change(answer.prices.weeks);
  change(answer.prices.slots);
  change(answer.prices.openings);
  change(answer.prices.limits);
  change(answer.prices.floors);
}

}  // namespace
}  // namespace tsunagu::matching::coverage
