#include "services/matching/rules/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/testing/random_instance.h"

namespace tsunagu::matching::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

// The definition in the header, literally.
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
  for (const auto& [metres, name, index] : others) accepted.push_back(index);
  return accepted;
}

// Moves each nurse to one of `homes` homes, or leaves her at her own.
void BringTogether(int32_t homes, Instance& instance) {
  for (size_t i = homes; homes > 0 && i < instance.nurses.size(); ++i) {
    instance.nurses[i].home = instance.nurses[i % homes].home;
  }
}

void ExpectListsByDefinition(const Instance& instance, Candidates& candidates) {
  for (size_t i = 0; i < instance.nurses.size(); ++i) {
    const auto nurse = static_cast<int32_t>(i);
    const std::vector<int32_t> accepted = AcceptedByDefinition(instance, instance.nurses[i]);
    ASSERT_THAT(candidates.Of(nurse), ElementsAreArray(accepted)) << i;
    std::vector<int32_t> even;
    for (size_t at = 0; at < accepted.size(); ++at) {
      ASSERT_EQ(candidates.ChoiceOf(nurse, accepted[at]), static_cast<int32_t>(at) + 1) << i;
      if (accepted[at] % 2 == 0 && even.size() < 7) even.push_back(accepted[at]);
    }
    ASSERT_THAT(candidates.First(nurse, 7, [](int32_t opening) { return opening % 2 == 0; }), ElementsAreArray(even));
  }
}

TEST(CandidatesTest, AreWhatTheDefinitionSays) {
  InstanceMaker maker(2);
  const Shape kShapes[] = {
      {.nurses = 300, .openings = 400, .most_wishes = 6, .extent_e6 = 100'000},
      {.nurses = 300, .openings = 400, .most_wishes = 6, .extent_e6 = 2'000'000},
      {.nurses = 300, .openings = 400, .most_wishes = 50, .places = 3},  // many equal distances
      {.nurses = 5, .openings = 0},
  };
  for (const Shape& shape : kShapes) {
    for (const int32_t homes : {0, 1, 7}) {
      Instance instance = maker.Make(shape);
      BringTogether(homes, instance);
      for (const size_t most_kept : {size_t{0}, size_t{300}, Candidates::kMostKept}) {
        SCOPED_TRACE(testing::Message() << shape.extent_e6 << ", " << homes << " homes, " << most_kept << " kept");
        Candidates candidates(instance, most_kept);
        ExpectListsByDefinition(instance, candidates);
      }
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

// An opening that every nurse may take, `north_e6` microdegrees to the north of the home.
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
  instance.nurses[0].wishes = {3, 9, 3, -1, 4, 0};  // 9 and -1 are unknown, 4 is too far away
  instance.openings = {OpeningNorth("o/far", 100'000), OpeningNorth("o/b", 1'000), OpeningNorth("o/a", -1'000),
                       OpeningNorth("o/wish", 150'000), OpeningNorth("o/beyond", 900'000)};
  Candidates candidates(instance);
  EXPECT_THAT(candidates.Of(0), ElementsAre(3, 0, 2, 1));
  const auto all = [](int32_t) { return true; };
  EXPECT_THAT(candidates.First(0, 1, all), ElementsAre(3)) << "before the second wish";
  EXPECT_THAT(candidates.First(0, 2, all), ElementsAre(3, 0));
  EXPECT_THAT(candidates.First(0, 3, all), ElementsAre(3, 0, 2));
}

TEST(CandidatesTest, AsManyAsThereAre) {
  Instance instance;
  instance.nurses = {NurseOfTokyo()};
  instance.nurses[0].wishes = {399, 398};
  for (int32_t i = 0; i < 400; ++i) instance.openings.push_back(OpeningNorth("o/" + std::to_string(i), 100 * i));
  Candidates candidates(instance);
  const std::vector<int32_t> list = candidates.Of(0);
  ASSERT_EQ(list.size(), 400u);
  EXPECT_EQ(list[0], 399);
  EXPECT_EQ(list[1], 398);
  EXPECT_EQ(list[2], 0);
  EXPECT_EQ(list[399], 397);
}

}  // namespace
}  // namespace tsunagu::matching::rules
