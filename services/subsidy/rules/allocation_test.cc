#include "services/subsidy/rules/allocation.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::subsidy::rules {
namespace {

using testing::ElementsAre;
using Method = v1::ProposeAllocationRequest::Method;
constexpr Method kProRata = v1::ProposeAllocationRequest::METHOD_PRO_RATA;
constexpr Method kPriority = v1::ProposeAllocationRequest::METHOD_PRIORITY;
constexpr Method kPerChild = v1::ProposeAllocationRequest::METHOD_EQUAL_PER_CHILD;

std::vector<int64_t> Yen(const std::vector<Wish>& wishes, int64_t budget, int64_t unit, Method method) {
  std::vector<int64_t> yen;
  for (const auto& line : Allocate(wishes, budget, unit, method)) yen.push_back(line.yen());
  return yen;
}

TEST(AllocationTest, NamedCases) {
  const std::vector<Wish> three = {{"a", 300'000, 1, 2}, {"b", 300'000, 1, 1}, {"c", 400'000, 8, 3}};
  EXPECT_THAT(Yen(three, 1'000'000, 1000, kProRata), ElementsAre(300'000, 300'000, 400'000)) << "enough for all";
  EXPECT_THAT(Yen(three, 500'000, 1000, kProRata), ElementsAre(150'000, 150'000, 200'000));
  // 100 units: 30, 30, 40. 101: 30.3, 30.3, 40.4: the largest rest is c's. 102: 30.6, 30.6, 40.8: c, then a by name.
  EXPECT_THAT(Yen(three, 101'000, 1000, kProRata), ElementsAre(30'000, 30'000, 41'000));
  EXPECT_THAT(Yen(three, 102'000, 1000, kProRata), ElementsAre(31'000, 30'000, 41'000));
  EXPECT_THAT(Yen(three, 102'999, 1000, kProRata), ElementsAre(31'000, 30'000, 41'000)) << "999 make no unit";
  EXPECT_THAT(Yen(three, 500'000, 1000, kPriority), ElementsAre(200'000, 300'000, 0));
  // 500,000 for ten children: 50,000 each, c's eight would get all that c asks for.
  EXPECT_THAT(Yen(three, 500'000, 1000, kPerChild), ElementsAre(50'000, 50'000, 400'000));
  EXPECT_THAT(Yen(three, 600'000, 1000, kPerChild), ElementsAre(100'000, 100'000, 400'000)) << "what c does not need";
  EXPECT_THAT(Yen({{"a", 5, 0, 0}, {"b", 5, 0, 0}}, 7, 1, kPerChild), ElementsAre(0, 0)) << "no children";
  EXPECT_THAT(Yen({}, 7, 1, kProRata), ElementsAre());
  EXPECT_EQ(Allocate(three, 102'000, 1000, kProRata)[0].ja(),
            "102,000 × 300,000 / 1,000,000、端数を切上げ（最大剰余）");
}

// For random wishes: the whole budget is allocated as far as it is wanted; nobody gets more than the wish; the order of
// the wishes does not matter; and of all ways to give whole units to those who get less than they asked for, this one
// is nearest to the exact shares.
TEST(AllocationTest, GivesAllOfTheBudgetAndIsFair) {
  std::mt19937 random(1);
  const auto upto = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  for (int round = 0; round < 3000; ++round) {
    const int count = 1 + upto(4);
    std::vector<Wish> wishes;
    for (int i = 0; i < count; ++i) wishes.push_back({std::string(1, 'a' + i), upto(9), 1 + upto(4), 1 + upto(2)});
    const int64_t budget = upto(25);
    const int64_t wanted = std::accumulate(wishes.begin(), wishes.end(), int64_t{0},
                                           [](int64_t sum, const Wish& wish) { return sum + wish.yen; });
    for (const Method method : {kProRata, kPriority, kPerChild}) {
      const std::vector<int64_t> yen = Yen(wishes, budget, 1, method);
      EXPECT_EQ(std::accumulate(yen.begin(), yen.end(), int64_t{0}), std::min(budget, wanted)) << round;
      for (int i = 0; i < count; ++i) EXPECT_LE(yen[i], wishes[i].yen) << round;
      std::vector<Wish> shuffled = wishes;
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      std::map<std::string, int64_t> by_name;
      for (const auto& line : Allocate(shuffled, budget, 1, method)) by_name[line.application()] = line.yen();
      for (int i = 0; i < count; ++i) EXPECT_EQ(by_name[wishes[i].name], yen[i]) << round;
    }
    if (wanted <= budget || wanted == 0) continue;
    // With pro rata no wish is filled alone, so the exact shares are simple; computes the distance to them as a sum of
    // squares.
    const std::vector<int64_t> yen = Yen(wishes, budget, 1, kProRata);
    const auto distance = [&](const std::vector<int64_t>& given) {
      double sum = 0;
      for (int i = 0; i < count; ++i) {
        const double off = given[i] - double(budget) * wishes[i].yen / wanted;
        sum += off * off;
      }
      return sum;
    };
    const double ours = distance(yen);
    std::vector<int64_t> other(count);
    const std::function<void(int, int64_t)> all = [&](int i, int64_t left) {
      if (i + 1 == count) {
        other[i] = left;
        EXPECT_GE(distance(other) + 1e-9, ours) << round;
        return;
      }
      for (int64_t given = 0; given <= std::min<int64_t>(left, 9); ++given) {
        other[i] = given;
        all(i + 1, left - given);
      }
    };
    all(0, budget);
  }
}

}  // namespace
}  // namespace tsunagu::subsidy::rules
