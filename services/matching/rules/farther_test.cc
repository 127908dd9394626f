#include "services/matching/rules/farther.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

#include "services/matching/rules/account.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/testing/random_instance.h"
#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {
namespace {

constexpr int32_t kLeastCount = 2;

// All openings are 11,120 m from all homes in a straight line, and a table has ways to them.
Opening AnOpening(int32_t site) {
  Opening opening;
  opening.place = {35'100'000, 139'000'000};
  opening.posts = 1;
  opening.licences = 1;
  opening.site = site;
  return opening;
}

Nurse ByMetres(int32_t limit) {
  Nurse nurse;
  nurse.licences = 1;
  nurse.home = {35'000'000, 139'000'000};
  nurse.commute_limit_metres = limit;
  return nurse;
}

// The table has `told` minutes from her home to site 0 (0: none), and none to site 1.
Nurse ByMinutes(int32_t limit, int32_t told, int32_t metres = 100) {
  Nurse nurse = ByMetres(metres);
  nurse.commute_limit_minutes = limit;
  if (told > 0) nurse.ways = std::make_shared<const TimedWays>(TimedWays{{0, told, 11'120}});
  return nurse;
}

struct Row {
  const char* name;
  std::vector<Nurse> nurses;
  Farther metres, minutes;
  bool tells_metres, tells_minutes;
  std::function<void(Instance&)> change = [](Instance&) {};
};

TEST(FartherWaysOf, EachUnitIsToldOfThoseWhoseWaysAreMeasuredInIt) {
  const auto second_opening = [](Instance& instance) { instance.openings.push_back(AnOpening(1)); };
  const auto skilled = [](Instance& instance) { instance.openings[0].required_skills = 1; };
  const auto factor = [](Instance& instance) { instance.openings[0].road_factor_permille = 1'300; };
  const Row kRows[] = {
      {"nobody is kept away", {ByMetres(12'000), ByMinutes(30, 30)}, {}, {}, true, false},
      {"metres", {ByMetres(6'120), ByMetres(6'120)}, {2, 2}, {}, true, false},
      {"a metre more than the step", {ByMetres(6'119), ByMetres(6'119)}, {2, 0}, {}, true, false},
      {"metres of the road", {ByMetres(9'455), ByMetres(9'456)}, {2, 1}, {}, false, false, factor},
      {"metres of one", {ByMetres(6'120)}, {1, 1}, {}, false, false},
      {"minutes", {ByMinutes(20, 30), ByMinutes(20, 30)}, {}, {2, 2}, false, true},
      {"a minute more than the step", {ByMinutes(20, 31), ByMinutes(20, 31)}, {}, {2, 0}, false, true},
      {"minutes of one", {ByMinutes(20, 30)}, {}, {1, 1}, false, false},
      {"of two each",
       {ByMetres(6'120), ByMetres(6'120), ByMinutes(20, 30), ByMinutes(20, 30)},
       {2, 2},
       {2, 2},
       true,
       true},
      {"minutes of one among others",
       {ByMetres(6'120), ByMetres(6'120), ByMinutes(20, 30)},
       {2, 2},
       {1, 1},
       true,
       false},
      {"metres of one among others",
       {ByMetres(6'120), ByMinutes(20, 30), ByMinutes(20, 30)},
       {1, 1},
       {2, 2},
       false,
       true},
      {"a limit in minutes, and no table", {ByMinutes(20, 0, 6'120), ByMinutes(20, 0, 6'120)}, {2, 2}, {}, true, false},
      {"a table, and no limit in minutes", {ByMinutes(0, 30, 6'120), ByMinutes(0, 30, 6'120)}, {2, 2}, {}, true, false},
      {"both units of the same nurses",
       {ByMinutes(20, 30, 6'120), ByMinutes(20, 30, 6'120)},
       {2, 2},
       {2, 2},
       true,
       true,
       second_opening},
      {"something else is in the way", {ByMetres(6'120), ByMinutes(20, 30)}, {}, {}, true, false, skilled},
  };
  for (const Row& row : kRows) {
    Instance instance;
    instance.nurses = row.nurses;
    instance.openings.push_back(AnOpening(0));
    row.change(instance);
    const std::vector<int32_t> nothing(instance.nurses.size(), -1);
    const FartherWays ways = FartherWaysOf(instance, nothing);
    EXPECT_EQ(ways.metres.kept, row.metres.kept) << row.name;
    EXPECT_EQ(ways.metres.brought, row.metres.brought) << row.name;
    EXPECT_EQ(ways.minutes.kept, row.minutes.kept) << row.name;
    EXPECT_EQ(ways.minutes.brought, row.minutes.brought) << row.name;
    EXPECT_EQ(ways.TellsMetres(kLeastCount), row.tells_metres) << row.name;
    EXPECT_EQ(ways.TellsMinutes(kLeastCount), row.tells_minutes) << row.name;
  }
}

TEST(FartherWaysOf, WhoHasAPostGoesNoFarther) {
  Instance instance;
  instance.nurses = {ByMetres(6'120), ByMinutes(20, 30)};
  instance.openings.push_back(AnOpening(0));
  const FartherWays ways = FartherWaysOf(instance, std::vector<int32_t>{0, 0});
  EXPECT_EQ(ways.metres.kept, 0);
  EXPECT_EQ(ways.minutes.kept, 0);
}

// By the definition: every opening is asked.
Farther Slowly(const Instance& instance, const std::vector<int32_t>& opening_of_nurse) {
  Farther all;
  for (size_t i = 0; i < instance.nurses.size(); ++i) {
    if (opening_of_nurse[i] >= 0) continue;
    bool kept = false, brought = false;
    for (const Opening& opening : instance.openings) {
      if (FirstBlocker(instance.nurses[i], opening) != Blocker::kDistance) continue;
      kept = true;
      brought = brought || BeyondLimit(instance.nurses[i], opening).metres <= kFurtherMetres;
    }
    all.kept += kept;
    all.brought += brought;
  }
  return all;
}

TEST(FartherWaysOf, EqualsTheDefinition) {
  InstanceMaker maker(4);
  int32_t kept = 0, brought = 0;
  for (int round = 0; round < 200; ++round) {
    Instance instance = maker.Make({.nurses = 20, .openings = 12});
    for (Opening& opening : instance.openings) opening.road_factor_permille = 1000 + maker.Below(500);
    const std::vector<int32_t> got = Solve(instance).opening_of_nurse;
    const Farther fast = FartherWaysOf(instance, got).metres, slow = Slowly(instance, got);
    EXPECT_EQ(fast.kept, slow.kept) << round;
    EXPECT_EQ(fast.brought, slow.brought) << round;
    kept += slow.kept;
    brought += slow.brought;
  }
  EXPECT_GT(brought, 20);
  EXPECT_GT(kept, brought + 20) << "some are too far for the step";
}

}  // namespace
}  // namespace tsunagu::matching::rules
