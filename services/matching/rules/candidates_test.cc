#include "services/matching/rules/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "services/matching/rules/testing/random_instance.h"

namespace tsunagu::matching::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

// The header's definition, word by word.
std::vector<int32_t> AcceptedByDefinition(const Instance& instance, const Nurse& nurse) {
  std::vector<int32_t> accepted;
  std::set<int32_t> wished;
  for (const int32_t wish : nurse.wishes) {
    if (wish < 0 || wish >= static_cast<int32_t>(instance.openings.size())) continue;
    if (!wished.insert(wish).second) continue;
    if (FirstBlocker(nurse, instance.openings[wish]) == Blocker::kNone) accepted.push_back(wish);
  }
  std::set<std::tuple<int64_t, std::string, int32_t>> others;
  for (size_t i = 0; i < instance.openings.size(); ++i) {
    const Opening& opening = instance.openings[i];
    const auto index = static_cast<int32_t>(i);
    if (wished.count(index) > 0 || FirstBlocker(nurse, opening) != Blocker::kNone) continue;
    others.emplace(DistanceMetres(nurse.home, opening.place), opening.name, index);
  }
  int32_t left = kMaxCandidates;
  for (const auto& [metres, name, index] : others) {
    if (left-- > 0) accepted.push_back(index);
  }
  return accepted;
}

BlockerCounts CountsByDefinition(const Instance& instance, const Nurse& nurse) {
  BlockerCounts counts = {};
  for (const Opening& opening : instance.openings) ++CountOf(counts, FirstBlocker(nurse, opening));
  return counts;
}

TEST(CandidatesTest, AreWhatTheDefinitionSays) {
  InstanceMaker maker(2);
  const Shape kShapes[] = {
      {.nurses = 300, .openings = 400, .most_wishes = 6, .extent_e6 = 100'000},  // lists are cut
      {.nurses = 300, .openings = 400, .most_wishes = 6, .extent_e6 = 2'000'000},
      {.nurses = 300, .openings = 400, .most_wishes = 50, .places = 3},  // many equal distances
      {.nurses = 5, .openings = 0},
  };
  for (const Shape& shape : kShapes) {
    const Instance instance = maker.Make(shape);
    const Candidates candidates = BuildCandidates(instance);
    ASSERT_EQ(candidates.begin.size(), instance.nurses.size() + 1);
    for (size_t i = 0; i < instance.nurses.size(); ++i) {
      const Nurse& nurse = instance.nurses[i];
      ASSERT_THAT(candidates.Of(static_cast<int32_t>(i)), ElementsAreArray(AcceptedByDefinition(instance, nurse)))
          << i << " of extent " << shape.extent_e6;
      ASSERT_EQ(candidates.blocked[i], CountsByDefinition(instance, nurse)) << i << " of extent " << shape.extent_e6;
    }
  }
}

Nurse NurseOfTokyo() {
  Nurse nurse;
  nurse.name = "nurses/a";
  nurse.licences = 1;
  nurse.home = {35'000'000, 139'000'000};
  nurse.commute_limit_metres = 20'000;
  return nurse;
}

// An opening that everybody may take, so many microdegrees to the north of her home.
Opening OpeningNorth(const std::string& name, int32_t north_e6) {
  Opening opening;
  opening.name = name;
  opening.place = {35'000'000 + north_e6, 139'000'000};
  opening.posts = 1;
  opening.licences = 1;
  return opening;
}

TEST(CandidatesTest, WishesGoFirstThenTheNearestThenTheName) {
  Instance instance;
  instance.nurses = {NurseOfTokyo()};
  instance.nurses[0].wishes = {3, 9, 3, -1, 4, 0};  // 9 and -1 are nobody's, 4 is too far
  instance.openings = {OpeningNorth("o/far", 100'000), OpeningNorth("o/b", 1'000), OpeningNorth("o/a", -1'000),
                       OpeningNorth("o/wish", 150'000), OpeningNorth("o/beyond", 900'000)};
  const Candidates candidates = BuildCandidates(instance);
  EXPECT_THAT(candidates.Of(0), ElementsAre(3, 0, 2, 1));
  EXPECT_EQ(CountOf(candidates.blocked[0], Blocker::kNone), 4);
  EXPECT_EQ(CountOf(candidates.blocked[0], Blocker::kDistance), 1);
}

TEST(CandidatesTest, ThirtyBeyondTheWishes) {
  Instance instance;
  instance.nurses = {NurseOfTokyo()};
  instance.nurses[0].wishes = {34, 33};
  for (int32_t i = 0; i < 35; ++i) instance.openings.push_back(OpeningNorth("o/" + std::to_string(i), 100 * i));
  const Candidates candidates = BuildCandidates(instance);
  ASSERT_EQ(candidates.Of(0).size(), 32u);
  EXPECT_EQ(candidates.Of(0)[0], 34);
  EXPECT_EQ(candidates.Of(0)[1], 33);
  EXPECT_EQ(candidates.Of(0)[2], 0);
  EXPECT_EQ(candidates.Of(0)[31], 29);
  EXPECT_EQ(CountOf(candidates.blocked[0], Blocker::kNone), 35);
}

TEST(CandidatesTest, NoNursesNoCandidates) {
  const Candidates candidates = BuildCandidates(Instance());
  EXPECT_THAT(candidates.openings, IsEmpty());
  EXPECT_THAT(candidates.begin, ElementsAre(0));
}

}  // namespace
}  // namespace tsunagu::matching::rules
