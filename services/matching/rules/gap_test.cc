#include "services/matching/rules/gap.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

#include "services/matching/rules/testing/random_instance.h"

namespace tsunagu::matching::rules {
namespace {

// Returns the nurse with the change of the gap, reduced by `less`: a metre, a minute, a day, or the highest bit.
Nurse Changed(Nurse nurse, const Gap& gap, int less) {
  const auto without = [less](auto bits) { return less == 0 ? bits : bits & ~std::bit_floor(bits); };
  nurse.commute_limit_metres += static_cast<int32_t>(gap.metres) - less;
  nurse.skills |= without(gap.skills);
  if (gap.half_days.school != 0) nurse.half_days.school |= without(gap.half_days.school);
  if (gap.half_days.holidays != 0) nurse.half_days.holidays |= without(gap.half_days.holidays);
  if (gap.blocker == Blocker::kHours) nurse.weekly_minutes += gap.minutes - less;
  if (gap.blocker == Blocker::kFewHours) nurse.min_weekly_minutes -= gap.minutes - less;
  if (gap.blocker == Blocker::kStart) nurse.available_from -= gap.days - less;
  return nurse;
}

// For every pair: the change makes her eligible, a smaller one does not, and a gap that is not near has two blockers or
// one that cannot be removed.
TEST(GapTest, IsTheSmallestChangeThatOpens) {
  InstanceMaker maker(20270401);
  const Instance instance = maker.Make({.nurses = 300, .openings = 300, .extent_e6 = 300'000});
  BlockerCounts near = {};
  int64_t far = 0;
  for (const Nurse& nurse : instance.nurses) {
    for (const Opening& opening : instance.openings) {
      const Gap gap = GapBetween(nurse, opening);
      ASSERT_EQ(gap.blocker, FirstBlocker(nurse, opening));
      if (gap.blocker == Blocker::kNone) continue;
      if (!gap.near) {
        ++far;
        continue;
      }
      ++CountOf(near, gap.blocker);
      if (gap.blocker == Blocker::kEmployer) {
        Opening open = opening;
        open.licences |= nurse.licences;
        ASSERT_EQ(FirstBlocker(nurse, open), Blocker::kNone);
        continue;
      }
      ASSERT_EQ(FirstBlocker(Changed(nurse, gap, 0), opening), Blocker::kNone);
      ASSERT_NE(FirstBlocker(Changed(nurse, gap, 1), opening), Blocker::kNone);
    }
  }
  for (const Blocker blocker : {Blocker::kEmployer, Blocker::kSkills, Blocker::kHalfDays, Blocker::kHours,
                                Blocker::kFewHours, Blocker::kStart, Blocker::kDistance}) {
    EXPECT_GT(CountOf(near, blocker), 20) << static_cast<int>(blocker);
  }
  EXPECT_GT(far, 1000);
}

TEST(GapTest, WhatStaysIsNotNear) {
  Nurse nurse;
  nurse.licences = LicenceBit(registry::v1::LICENCE_NURSE);
  nurse.unwanted = {1};
  Opening opening;
  opening.posts = 1;
  opening.licences = LicenceBit(registry::v1::LICENCE_MIDWIFE);
  EXPECT_EQ(GapBetween(nurse, opening).blocker, Blocker::kLicence);
  EXPECT_FALSE(GapBetween(nurse, opening).near);
  opening.licences = nurse.licences;
  EXPECT_EQ(GapBetween(nurse, opening).blocker, Blocker::kNone);
  opening.facility = 1;
  EXPECT_EQ(GapBetween(nurse, opening).blocker, Blocker::kExcluded);
  EXPECT_FALSE(GapBetween(nurse, opening).near);
  opening.facility = 2;
  opening.posts = 0;
  EXPECT_EQ(GapBetween(nurse, opening).blocker, Blocker::kNoPosts);
  EXPECT_FALSE(GapBetween(nurse, opening).near);
  opening.posts = 1;
  opening.required_skills = 1;
  opening.weekly_minutes = 1;
  EXPECT_EQ(GapBetween(nurse, opening).blocker, Blocker::kSkills);
  EXPECT_FALSE(GapBetween(nurse, opening).near) << "the hours are in the way as well";
}

TEST(GapTest, CountsWhatOneSkillWouldOpen) {
  Nurse nurse;
  nurse.licences = 1;
  GapCounts counts;
  for (const uint64_t skills : {0b010, 0b010, 0b110, 0b100}) {
    Opening opening;
    opening.posts = 1;
    opening.licences = 1;
    opening.required_skills = skills;
    counts.Add(GapBetween(nurse, opening));
    opening.required_skills = 0;
    counts.Add(GapBetween(nurse, opening));
    opening.required_skills = skills;
    opening.start = jp::kFirstDay;
    nurse.available_from = jp::CivilDay(2027, 4, 1);
    counts.Add(GapBetween(nurse, opening));
    nurse.available_from = jp::kFirstDay;
  }
  EXPECT_EQ(CountOf(counts.first, Blocker::kNone), 4);
  EXPECT_EQ(CountOf(counts.first, Blocker::kSkills), 8);
  EXPECT_EQ(CountOf(counts.near, Blocker::kSkills), 4) << "two things in the way are not counted, two skills are";
  EXPECT_EQ(counts.opened_by[1], 2);
  EXPECT_EQ(counts.opened_by[2], 1);
}

}  // namespace
}  // namespace tsunagu::matching::rules
