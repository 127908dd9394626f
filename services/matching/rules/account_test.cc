#include "services/matching/rules/account.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/distance.h"
#include "services/matching/rules/rule_table.h"
#include "services/matching/rules/testing/random_instance.h"

namespace tsunagu::matching::rules {
namespace {

// Her whole list, read by the solver's code, gives the order.
TEST(TasteOf, IsTheOrderOfHerList) {
  InstanceMaker maker(1);
  for (int round = 0; round < 50; ++round) {
    const Instance instance = maker.Make({.nurses = 20, .openings = 30});
    Candidates candidates(instance);
    for (int32_t nurse = 0; nurse < 20; ++nurse) {
      const std::vector<int32_t> list = candidates.Of(nurse);
      for (size_t i = 1; i < list.size(); ++i) {
        EXPECT_LT(TasteOf(instance, nurse, list[i - 1]), TasteOf(instance, nurse, list[i]));
      }
    }
  }
}

// By definition: applies each change to the nurse.
Account Slowly(const Instance& instance, const std::vector<int32_t>& opening_of_nurse, int32_t index) {
  const Opening& opening = instance.openings[index];
  Account account;
  Candidates candidates(instance);
  std::vector<std::pair<int32_t, int64_t>> taken;
  for (size_t i = 0; i < instance.nurses.size(); ++i) {
    const Nurse& nurse = instance.nurses[i];
    const auto fits = [&](const Nurse& one) { return FirstBlocker(one, opening) == Blocker::kNone; };
    if (opening_of_nurse[i] == index) {
      ++account.taken;
      taken.emplace_back(-std::popcount(nurse.skills & ~opening.required_skills),
                         DistanceMetres(nurse.home, opening.place));
    } else if (fits(nurse)) {
      const std::vector<int32_t> list = candidates.Of(static_cast<int32_t>(i));
      const auto own = std::find(list.begin(), list.end(), opening_of_nurse[i]);
      ++(own < std::find(list.begin(), list.end(), index) ? account.elsewhere : account.refused);
    }
    if (opening_of_nurse[i] >= 0) continue;
    const Blocker blocker = FirstBlocker(nurse, opening);
    ++CountOf(account.blocked, blocker);
    for (int skill = 0; skill < 64; ++skill) {
      Nurse trained = nurse;
      trained.skills |= uint64_t{1} << skill;
      if (!fits(nurse) && fits(trained)) ++account.by_skill[skill];
    }
    Nurse further = nurse, longer = nurse;
    further.commute_limit_metres += kFurtherMetres;
    longer.weekly_minutes += kFewerMinutes;
    account.by_distance += !fits(nurse) && fits(further) ? 1 : 0;
    account.by_hours += !fits(nurse) && fits(longer) ? 1 : 0;
  }
  if (!taken.empty()) {
    const auto last = *std::max_element(taken.begin(), taken.end());
    account.last_extra_skills = -last.first;
    account.last_metres = last.second;
  }
  return account;
}

// Also where a table tells minutes, and where rule table 1 has cut lists.
TEST(Unplaced, SaysWhatTheAccountSays) {
  InstanceMaker maker(3);
  std::set<Blocker> said;
  for (int round = 0; round < 200; ++round) {
    Instance instance = maker.Make({.nurses = 30, .openings = 12});
    for (Opening& opening : instance.openings) opening.weekly_minutes += maker.Below(600);
    for (size_t i = 0; i < instance.openings.size(); ++i) instance.openings[i].site = static_cast<int32_t>(i);
    for (Nurse& nurse : instance.nurses) {
      if (maker.Below(4) > 0) continue;
      nurse.commute_limit_minutes = maker.Below(40);
      TimedWays ways;
      for (int32_t site = 0; site < 12; ++site) {
        if (maker.Below(2) == 0) continue;
        const int64_t straight = DistanceMetres(nurse.home, instance.openings[site].place);
        ways.push_back({site, 1 + maker.Below(60), static_cast<int32_t>(straight)});
      }
      nurse.ways = std::make_shared<const TimedWays>(std::move(ways));
    }
    if (round % 2 == 0) instance = ReadByTable(std::move(instance), 1);
    const std::vector<int32_t> got = Solve(instance).opening_of_nurse;
    const Unplaced unplaced(instance, got);
    for (int32_t i = 0; i < 12; ++i) {
      const Blocker slow = AccountOf(instance, got, i).MainBlocker();
      EXPECT_EQ(unplaced.MainBlockerAt(i), slow) << i << " of round " << round;
      said.insert(slow);
    }
  }
  EXPECT_GE(said.size(), 4u) << "too few rules to show anything";
}

TEST(AccountOf, EqualsTheDefinition) {
  InstanceMaker maker(2);
  int32_t refused = 0, by_skill = 0, by_distance = 0, by_hours = 0;
  for (int round = 0; round < 60; ++round) {
    Instance instance = maker.Make({.nurses = 40, .openings = 12});
    for (Opening& opening : instance.openings) opening.weekly_minutes += maker.Below(600);
    const std::vector<int32_t> got = Solve(instance).opening_of_nurse;
    for (int32_t i = 0; i < 12; ++i) {
      const Account fast = AccountOf(instance, got, i), slow = Slowly(instance, got, i);
      EXPECT_EQ(fast.taken, slow.taken);
      EXPECT_EQ(fast.elsewhere, slow.elsewhere);
      EXPECT_EQ(fast.refused, slow.refused);
      EXPECT_EQ(fast.last_extra_skills, slow.last_extra_skills);
      EXPECT_EQ(fast.last_metres, slow.last_metres);
      EXPECT_EQ(fast.blocked, slow.blocked);
      EXPECT_EQ(fast.by_skill, slow.by_skill);
      EXPECT_EQ(fast.by_distance, slow.by_distance);
      EXPECT_EQ(fast.by_hours, slow.by_hours);
      EXPECT_TRUE(fast.refused == 0 || fast.taken == instance.openings[i].posts) << "it has a post for her";
      refused += fast.refused;
      by_skill += *std::max_element(fast.by_skill.begin(), fast.by_skill.end());
      by_distance += fast.by_distance;
      by_hours += fast.by_hours;
    }
  }
  EXPECT_GT(std::min({refused, by_skill, by_distance, by_hours}), 0) << "nothing of the kind was tried";
}

TEST(Account, NamesTheMainBlockerAndTheBestSkill) {
  Account account;
  EXPECT_EQ(account.MainBlocker(), Blocker::kNone);
  EXPECT_EQ(account.BestSkill(), -1);
  CountOf(account.blocked, Blocker::kNone) = 9;
  CountOf(account.blocked, Blocker::kDistance) = 3;
  CountOf(account.blocked, Blocker::kSkills) = 3;
  account.by_skill[4] = 2;
  account.by_skill[2] = 2;
  EXPECT_EQ(account.MainBlocker(), Blocker::kSkills) << "the first among equals";
  EXPECT_EQ(account.BestSkill(), 2);
  CountOf(account.blocked, Blocker::kExcluded) = 4;
  EXPECT_EQ(account.MainBlocker(), Blocker::kSkills) << "that somebody would not work there is told to nobody";
}

}  // namespace
}  // namespace tsunagu::matching::rules
