#include "services/matching/rules/way.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "services/matching/rules/candidates.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/gap.h"
#include "services/matching/rules/testing/random_instance.h"
#include "services/matching/rules/verify.h"

namespace tsunagu::matching::rules {
namespace {

using testing::ElementsAreArray;

// 11,120 m apart in a straight line.
Nurse ANurse() {
  Nurse nurse;
  nurse.home = {35'000'000, 139'000'000};
  nurse.commute_limit_metres = 12'000;
  return nurse;
}

Opening AnOpening() {
  Opening opening;
  opening.place = {35'100'000, 139'000'000};
  opening.site = 4;
  return opening;
}

std::shared_ptr<const TimedWays> Told(int32_t site, int32_t minutes) {
  return std::make_shared<const TimedWays>(TimedWays{{1, 5, 100}, {site, minutes, 11'120}, {9, 5, 100}});
}

struct Row {
  const char* name;
  std::function<void(Nurse&, Opening&)> change;
  int64_t metres;  // of the way
  int64_t beyond_metres;
  int32_t beyond_minutes;
};

TEST(WayTest, AFactorMakesWaysLongerAndMinutesCountWhereTheyAreTold) {
  const Row kRows[] = {
      {"a straight line", [](Nurse&, Opening&) {}, 11'120, 0, 0},
      {"a metre beyond", [](Nurse& n, Opening&) { n.commute_limit_metres = 11'119; }, 11'120, 1, 0},
      {"a factor", [](Nurse&, Opening& o) { o.road_factor_permille = 1'300; }, 14'456, 2'456, 0},
      {"rounded down", [](Nurse&, Opening& o) { o.road_factor_permille = 1'004; }, 11'164, 0, 0},  // 11,164.48
      {"rounded up", [](Nurse&, Opening& o) { o.road_factor_permille = 1'008; }, 11'209, 0, 0},    // 11,208.96
      {"minutes told, and no limit of hers", [](Nurse& n, Opening&) { n.ways = Told(4, 90); }, 11'120, 0, 0},
      {"a limit in minutes, and none told", [](Nurse& n, Opening&) { n.commute_limit_minutes = 1; }, 11'120, 0, 0},
      {"those of another place", [](Nurse& n, Opening&) { n.commute_limit_minutes = 1, n.ways = Told(5, 90); }, 11'120,
       0, 0},
      {"as long as she would", [](Nurse& n, Opening&) { n.commute_limit_minutes = 25, n.ways = Told(4, 25); }, 11'120,
       0, 0},
      {"longer", [](Nurse& n, Opening&) { n.commute_limit_minutes = 25, n.ways = Told(4, 35); }, 11'120, 0, 10},
      {"quick, though farther than her metres",
       [](Nurse& n, Opening&) { n.commute_limit_metres = 100, n.commute_limit_minutes = 25, n.ways = Told(4, 25); },
       11'120, 0, 0},
      {"a place without a number",
       [](Nurse& n, Opening& o) { n.commute_limit_minutes = 25, n.ways = Told(4, 35), o.site = -1; }, 11'120, 0, 0},
      {"the end of the world",
       [](Nurse&, Opening& o) {
         o.place = {-35'000'000, -41'000'000};
       },
       kFarthestMetres, kFarthestMetres - 12'000, 0},
  };
  for (const Row& row : kRows) {
    Nurse nurse = ANurse();
    Opening opening = AnOpening();
    row.change(nurse, opening);
    EXPECT_EQ(WayMetres(nurse, opening), row.metres) << row.name;
    const Beyond beyond = BeyondLimit(nurse, opening);
    EXPECT_EQ(beyond.metres, row.beyond_metres) << row.name;
    EXPECT_EQ(beyond.minutes, row.beyond_minutes) << row.name;
    const Blocker blocker = row.beyond_minutes > 0  ? Blocker::kTravelTime
                            : row.beyond_metres > 0 ? Blocker::kDistance
                                                    : Blocker::kNone;
    EXPECT_EQ(CommuteBlocker(nurse, opening), blocker) << row.name;
  }
}

// Some openings have a factor; some nurses have a limit in minutes, and minutes to some openings.
Instance MakeInstance(InstanceMaker& maker, const Shape& shape) {
  Instance instance = maker.Make(shape);
  for (size_t i = 0; i < instance.openings.size(); ++i) {
    instance.openings[i].road_factor_permille = 1'000 + 150 * maker.Below(4);
    if (maker.Below(4) > 0) instance.openings[i].site = static_cast<int32_t>(i);
  }
  for (Nurse& nurse : instance.nurses) {
    if (maker.Below(3) == 0) nurse.home = instance.nurses[0].home;
    nurse.commute_limit_minutes = maker.Below(2) * (10 + maker.Below(40));
    TimedWays ways;
    for (size_t i = 0; i < instance.openings.size(); ++i) {
      if (maker.Below(3) == 0) continue;
      const int64_t straight = DistanceMetres(nurse.home, instance.openings[i].place);
      ways.push_back({static_cast<int32_t>(i), 1 + maker.Below(60), static_cast<int32_t>(straight)});
    }
    if (maker.Below(4) > 0) nurse.ways = std::make_shared<const TimedWays>(std::move(ways));
  }
  return instance;
}

TEST(WayTest, ListsHoldAllThatIsReachedInTheOrderOfMetres) {
  InstanceMaker maker(7);
  int beyond_metres = 0;
  for (const int32_t extent : {100'000, 1'000'000}) {
    const Instance instance =
        MakeInstance(maker, {.nurses = 100, .openings = 150, .most_wishes = 0, .extent_e6 = extent});
    Candidates candidates(instance);
    for (size_t i = 0; i < instance.nurses.size(); ++i) {
      const Nurse& nurse = instance.nurses[i];
      std::set<std::tuple<int64_t, std::string, int32_t>> reached;
      for (size_t at = 0; at < instance.openings.size(); ++at) {
        const Opening& opening = instance.openings[at];
        if (FirstBlocker(nurse, opening) != Blocker::kNone) continue;
        reached.emplace(WayMetres(nurse, opening), opening.name, static_cast<int32_t>(at));
        beyond_metres += WayMetres(nurse, opening) > nurse.commute_limit_metres;
      }
      std::vector<int32_t> expected;
      for (const auto& [metres, name, opening] : reached) expected.push_back(opening);
      EXPECT_THAT(candidates.Of(static_cast<int32_t>(i)), ElementsAreArray(expected)) << i;
    }
  }
  EXPECT_GT(beyond_metres, 100) << "nobody goes by minutes";
}

TEST(WayTest, TheVerifierMeasuresAlike) {
  InstanceMaker maker(8);
  for (int i = 0; i < 40; ++i) {
    Instance instance = MakeInstance(maker, {.nurses = 40, .openings = 25, .extent_e6 = 300'000});
    const std::vector<int32_t> assigned = Solve(instance).opening_of_nurse;
    EXPECT_TRUE(VerifyMatching(instance, assigned).stable) << i;
    // With one minute less than her way takes, she is no longer eligible.
    for (size_t nurse = 0; nurse < assigned.size(); ++nurse) {
      Nurse& her = instance.nurses[nurse];
      if (assigned[nurse] < 0 || !GoesByMinutes(her, instance.openings[assigned[nurse]])) continue;
      const int32_t limit = her.commute_limit_minutes;
      her.commute_limit_minutes = WayMinutes(her, instance.openings[assigned[nurse]]) - 1;
      if (her.commute_limit_minutes > 0) {
        EXPECT_FALSE(VerifyMatching(instance, assigned).stable) << i << ", nurse " << nurse;
      }
      her.commute_limit_minutes = limit;
    }
  }
}

TEST(WayTest, StepsCountWhatEachWouldOpen) {
  GapCounts counts;
  for (const int32_t minutes : {10, 11, 30, 31}) {
    counts.Add({.blocker = Blocker::kTravelTime, .near = true, .travel_minutes = minutes});
  }
  counts.Add({.blocker = Blocker::kTravelTime, .travel_minutes = 1});  // another rule also blocks her
  for (const int64_t metres : {1, 5'000, 5'001})
    counts.Add({.blocker = Blocker::kDistance, .near = true, .metres = metres});
  EXPECT_THAT(counts.opened_farther, testing::ElementsAre(1, 2, 3, 2, 3));
}

}  // namespace
}  // namespace tsunagu::matching::rules
