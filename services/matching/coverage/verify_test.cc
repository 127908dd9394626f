#include "services/matching/coverage/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include "services/matching/coverage/solve.h"
#include "services/matching/coverage/testing/random_problem.h"

namespace tsunagu::matching::coverage {

bool operator==(const Finding& a, const Finding& b) {
  return a.kind == b.kind && a.nurse == b.nurse && a.opening == b.opening && a.set == b.set;
}
void PrintTo(const Finding& finding, std::ostream* out) {
  *out << "{kind " << static_cast<int>(finding.kind) << ", nurse " << finding.nurse << ", opening " << finding.opening
       << ", set " << finding.set << "}";
}

namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

// Three nurses who may go to either of two openings with one post each and the same weight; the second opening is in a
// region with a floor of one. Every nurse is nearer to the first opening, and nurse 2 is nearest to both.
CoverageProblem TwoOpenings() {
  CoverageProblem problem;
  problem.market.begin = {0, 2, 4, 6};
  problem.market.choices = {{0}, {1}, {0}, {1}, {0}, {1}};
  problem.market.posts = {1, 2};
  problem.costs = {4, 30, 6, 33, 1, 20};
  problem.weights = {1, 0};
  problem.caps = {{-1}, {2}, {-1, 0}};
  problem.floors = {1};
  return problem;
}

Answer AnswerOf(const CoverageProblem& problem) { return std::get<Answer>(SolveCoverage(problem)); }

// Nurse 2 at opening 1 costs 20 and nurse 0 at opening 0 costs 4: 24. Nurse 2 at 0 and nurse 0 at 1 would cost 31.
TEST(VerifyTest, AcceptsTheAnswerAndItsPrices) {
  const CoverageProblem problem = TwoOpenings();
  const Answer answer = AnswerOf(problem);
  EXPECT_EQ(answer.assigned, (market::Assigned{0, -1, 1}));
  const int64_t unit = ScaleOf(problem).unit;
  // One more post at opening 0: nurse 1 would get it for 6. One more nurse at opening 1: nurse 0 moves there for 26 and
  // nurse 1 gets her post for 6, in total 32; nurse 1 herself would cost 33.
  EXPECT_EQ(answer.prices.openings, (std::vector<int64_t>{unit - 6, 0}));
  EXPECT_EQ(answer.prices.floors, std::vector<int64_t>{32});
  EXPECT_EQ(answer.prices.limits, std::vector<int64_t>{0});
  const Verdict verdict = VerifyCoverage(problem, answer.assigned, answer.prices);
  EXPECT_TRUE(verdict.best);
  EXPECT_THAT(verdict.findings, IsEmpty());
}

struct FindingCase {
  std::string name;
  std::function<void(CoverageProblem&, Answer&)> change;
  Finding finding;
};

class FindingTest : public testing::TestWithParam<FindingCase> {};

TEST_P(FindingTest, IsTold) {
  CoverageProblem problem = TwoOpenings();
  Answer answer = AnswerOf(problem);
  GetParam().change(problem, answer);
  const Verdict verdict = VerifyCoverage(problem, answer.assigned, answer.prices);
  EXPECT_FALSE(verdict.best);
  EXPECT_THAT(verdict.findings, Contains(GetParam().finding));
  EXPECT_EQ(verdict.finding_count, static_cast<int64_t>(verdict.findings.size()));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, FindingTest,
    testing::ValuesIn(std::vector<FindingCase>{
        {"NurseMissing", [](CoverageProblem& p, Answer& a) { a.assigned.pop_back(); }, {FindingKind::kWrongSize}},
        {"PriceMissing", [](CoverageProblem& p, Answer& a) { a.prices.floors.clear(); }, {FindingKind::kWrongSize}},
        {"NoOpeningOfHers", [](CoverageProblem& p, Answer& a) { a.assigned[1] = 2; }, {FindingKind::kNotChosen, 1, 2}},
        {"NoOpeningAtAll", [](CoverageProblem& p, Answer& a) { a.assigned[1] = -2; }, {FindingKind::kNotChosen, 1, -2}},
        {"OverPosts", [](CoverageProblem& p, Answer& a) { a.assigned[1] = 0; }, {FindingKind::kOverPosts, -1, 0}},
        {"OverLimit",
         [](CoverageProblem& p, Answer& a) {
           p.caps.limit[0] = 1;
           a.assigned[1] = 1;
         },
         {FindingKind::kOverLimit, -1, -1, 0}},
        {"UnderFloor",
         [](CoverageProblem& p, Answer& a) { a.assigned[2] = -1; },
         {FindingKind::kUnderFloor, -1, -1, 0}},
        {"NegativePrice",
         [](CoverageProblem& p, Answer& a) { a.prices.openings[0] = -1; },
         {FindingKind::kWrongPrice, -1, 0}},
        {"PriceOutOfReach",
         [](CoverageProblem& p, Answer& a) { a.prices.openings[0] = int64_t{1} << 62; },
         {FindingKind::kWrongPrice, -1, 0}},
        {"BothLimitAndFloorCost",
         [](CoverageProblem& p, Answer& a) { a.prices.limits[0] = 1; },
         {FindingKind::kWrongPrice, -1, -1, 0}},
        {"PriceOfAnOpeningWithRoom",
         [](CoverageProblem& p, Answer& a) { a.prices.openings[1] = 1; },
         {FindingKind::kPriceNotFull, -1, 1}},
        {"PriceOfALimitWithRoom",
         [](CoverageProblem& p, Answer& a) {
           a.prices.floors[0] = 0;
           a.prices.limits[0] = 1;
         },
         {FindingKind::kPriceNotFull, -1, -1, 0}},
        {"PriceOfAFloorThatIsExceeded",
         [](CoverageProblem& p, Answer& a) { a.assigned[1] = 1; },
         {FindingKind::kPriceNotTight, -1, -1, 0}},
        {"SwappedNurses",
         [](CoverageProblem& p, Answer& a) {
           a.assigned = {1, -1, 0};
         },
         {FindingKind::kBetterChoice, 2, 1}},
        {"AnotherNurse",
         [](CoverageProblem& p, Answer& a) {
           a.assigned = {0, 1, -1};
         },
         {FindingKind::kBetterChoice, 2, 1}},
        {"WorseThanNone",
         [](CoverageProblem& p, Answer& a) { a.prices.openings[0] += 3; },
         {FindingKind::kBetterChoice, 0, -1}},
        {"CheaperThanItMayBe",
         [](CoverageProblem& p, Answer& a) { a.prices.openings[0] -= 1; },
         {FindingKind::kBetterChoice, 1, 0}},
        {"DearerThanItMustBe",
         [](CoverageProblem& p, Answer& a) {
           a.prices.openings[0] += 1;
           a.prices.floors[0] -= 1;
         },
         {FindingKind::kPriceNotLeast, -1, 0}},
        {"FloorOffersTooLittle",
         [](CoverageProblem& p, Answer& a) { a.prices.floors[0] -= 13; },
         {FindingKind::kBetterChoice, 2, -1}},
        {"EarlierChoiceAlone",
         [](CoverageProblem& p, Answer& a) {
           p = TwoOpenings();
           p.costs = {5, 5, 5, 5, 5, 5};
           p.weights = {1, 1};
           p.market.posts = {9, 9};
           p.caps = {};
           p.floors = {};
           a = {{0, 0, 1}, {{0, 0}, {}, {}}};
         },
         {FindingKind::kEarlierChoice, 2, 0}},
    }),
    [](const auto& info) { return info.param.name; });

// Problems that are too large to enumerate; any single number of the answer is changed.
TEST(VerifyTest, AnyChangeIsRefused) {
  for (const int32_t posts_percent : {90, 200}) {
    const CoverageProblem problem = GeographicProblem({300, 30, 5, posts_percent, 1, 2}, 7);
    Answer answer = AnswerOf(problem);
    ASSERT_TRUE(VerifyCoverage(problem, answer.assigned, answer.prices).best);
    for (int32_t& entry : answer.assigned) {
      const int32_t right = entry;
      for (entry = -1; entry < problem.market.opening_count(); ++entry) {
        ASSERT_EQ(VerifyCoverage(problem, answer.assigned, answer.prices).best, entry == right);
      }
      entry = right;
    }
    for (int64_t& price : answer.prices.openings) {
      for (const int64_t change : {-1000, -1, 1, 1000}) {
        price += change;
        ASSERT_FALSE(VerifyCoverage(problem, answer.assigned, answer.prices).best);
        price -= change;
      }
    }
  }
}

TEST(VerifyTest, TellsTheFirstFindingsAndCountsAll) {
  const CoverageProblem problem = RandomProblem({100, 10, 3, 100}, 3);
  const Verdict verdict = VerifyCoverage(problem, market::Assigned(100, 10), {std::vector<int64_t>(10, 0), {}, {}});
  EXPECT_EQ(verdict.finding_count, 100);
  EXPECT_EQ(verdict.findings.size(), kMaxFindings);
}

}  // namespace
}  // namespace tsunagu::matching::coverage
