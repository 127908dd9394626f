#include "services/matching/rules/deferred_acceptance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>

#include "services/matching/rules/candidates.h"
#include "services/matching/rules/testing/random_instance.h"

namespace tsunagu::matching::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Nurse MakeNurse(const std::string& name, uint64_t skills, std::vector<int32_t> wishes) {
  Nurse nurse;
  nurse.name = name;
  nurse.licences = 1;
  nurse.skills = skills;
  nurse.wishes = std::move(wishes);
  return nurse;
}

Opening MakeOpening(const std::string& name, int32_t posts) {
  Opening opening;
  opening.name = name;
  opening.posts = posts;
  opening.licences = 1;
  return opening;
}

TEST(DeferredAcceptanceTest, DisplacesDownTheLine) {
  Instance instance;
  instance.openings = {MakeOpening("o/a", 1), MakeOpening("o/b", 1), MakeOpening("o/c", 0)};
  instance.nurses = {MakeNurse("n/weak", 0b001, {0, 1}), MakeNurse("n/middle", 0b011, {0, 1}),
                     MakeNurse("n/strong", 0b111, {2, 0, 1})};
  const Matching matching = Solve(instance);
  EXPECT_THAT(matching.opening_of_nurse, ElementsAre(-1, 1, 0));
  ASSERT_TRUE(matching.cutoffs[0].has_value());
  ASSERT_TRUE(matching.cutoffs[1].has_value());
  EXPECT_EQ(matching.cutoffs[0]->name, "n/strong");
  EXPECT_EQ(matching.cutoffs[0]->extra_skills, 3);
  EXPECT_EQ(matching.cutoffs[1]->name, "n/middle");
  EXPECT_FALSE(matching.cutoffs[2].has_value()) << "no posts";
}

TEST(DeferredAcceptanceTest, NoCutoffWhileAPostIsFree) {
  Instance instance;
  instance.openings = {MakeOpening("o/a", 2)};
  instance.nurses = {MakeNurse("n/one", 0, {})};
  EXPECT_FALSE(Solve(instance).cutoffs[0].has_value());
  instance.nurses.push_back(MakeNurse("n/two", 1, {}));
  const Matching matching = Solve(instance);
  ASSERT_TRUE(matching.cutoffs[0].has_value());
  EXPECT_EQ(matching.cutoffs[0]->name, "n/one") << "the last one admitted";
}

TEST(DeferredAcceptanceTest, WishesOfNursesDecideAmongEqualOpenings) {
  Instance instance;
  instance.openings = {MakeOpening("o/a", 1), MakeOpening("o/b", 1)};
  instance.nurses = {MakeNurse("n/one", 0, {1}), MakeNurse("n/two", 0, {0})};
  EXPECT_THAT(Solve(instance).opening_of_nurse, ElementsAre(1, 0));
}

TEST(DeferredAcceptanceTest, EmptyInstance) {
  const Matching matching = Solve(Instance());
  EXPECT_THAT(matching.opening_of_nurse, IsEmpty());
  EXPECT_THAT(matching.cutoffs, IsEmpty());
}

// The same instance with its nurses and openings in another order.
Instance Shuffled(const Instance& instance, std::mt19937_64& random) {
  std::vector<int32_t> order(instance.openings.size());
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), random);
  Instance shuffled = instance;
  for (size_t i = 0; i < order.size(); ++i) shuffled.openings[order[i]] = instance.openings[i];
  for (Nurse& nurse : shuffled.nurses) {
    for (int32_t& wish : nurse.wishes) {
      if (wish >= 0 && wish < static_cast<int32_t>(order.size())) wish = order[wish];
    }
  }
  std::shuffle(shuffled.nurses.begin(), shuffled.nurses.end(), random);
  return shuffled;
}

std::map<std::string, std::string> ByName(const Instance& instance, const Matching& matching) {
  std::map<std::string, std::string> result;
  for (size_t i = 0; i < instance.nurses.size(); ++i) {
    const int32_t opening = matching.opening_of_nurse[i];
    result[instance.nurses[i].name] = opening < 0 ? "" : instance.openings[opening].name;
  }
  return result;
}

TEST(DeferredAcceptanceTest, DoesNotDependOnAnyOrder) {
  InstanceMaker maker(4);
  std::mt19937_64 random(5);
  for (int i = 0; i < 20; ++i) {
    const Instance instance = maker.Make({.nurses = 200, .openings = 120, .places = i % 2 == 0 ? 0 : 4});
    const auto expected = ByName(instance, Solve(instance));
    const Instance shuffled = Shuffled(instance, random);
    ASSERT_EQ(ByName(shuffled, Solve(shuffled)), expected) << i;
  }
}

TEST(DeferredAcceptanceTest, CutoffsTellWhoGetsIn) {
  InstanceMaker maker(6);
  for (int i = 0; i < 20; ++i) {
    const Instance instance = maker.Make({.nurses = 300, .openings = 150, .most_posts = 3});
    Candidates candidates(instance);
    const Matching matching = Solve(instance);
    for (size_t nurse = 0; nurse < instance.nurses.size(); ++nurse) {
      int32_t expected = -1;  // the first candidate whose cut-off admits her
      for (const int32_t opening : candidates.Of(static_cast<int32_t>(nurse))) {
        const Nurse& her = instance.nurses[nurse];
        const PriorityKey key = PriorityOf(her, instance.openings[opening], DrawLot(instance.seed, her.name));
        if (matching.cutoffs[opening].has_value() && *matching.cutoffs[opening] < key) continue;
        expected = opening;
        break;
      }
      ASSERT_EQ(matching.opening_of_nurse[nurse], expected) << i << " " << nurse;
    }
  }
}

}  // namespace
}  // namespace tsunagu::matching::rules
