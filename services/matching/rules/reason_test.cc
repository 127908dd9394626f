#include "services/matching/rules/reason.h"

#include <gtest/gtest.h>

#include <string>

#include "services/matching/rules/candidates.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/testing/random_instance.h"

namespace tsunagu::matching::rules {
namespace {

constexpr int32_t kHundredMetres = 899;  // in microdegrees of latitude: 99.96 m

class ExplainTest : public testing::Test {
 protected:
  ExplainTest() {
    Nurse nurse;
    nurse.name = "nurses/her";
    nurse.licences = 1;
    nurse.skills = 0b0001;
    nurse.home = {35'000'000, 139'000'000};
    nurse.commute_limit_metres = 1'000;
    nurse.weekly_minutes = 600;
    instance_.nurses = {nurse};
  }

  void AddOpening(int32_t hundreds_of_metres, uint64_t required_skills = 0, uint32_t licences = 1,
                  int32_t weekly_minutes = 0, int32_t posts = 1) {
    Opening opening;
    opening.name = "openings/" + std::to_string(instance_.openings.size());
    opening.place = {35'000'000 + kHundredMetres * hundreds_of_metres, 139'000'000};
    opening.posts = posts;
    opening.licences = licences;
    opening.required_skills = required_skills;
    opening.weekly_minutes = weekly_minutes;
    instance_.openings.push_back(opening);
  }

  Explanation ExplainHer() const { return Explain(instance_, 0); }

  Instance instance_;
};

TEST_F(ExplainTest, NoOpenings) {
  AddOpening(1, 0, 1, 0, 0);
  const Explanation explanation = ExplainHer();
  EXPECT_EQ(explanation.reason, UnmatchedReason::kNoOpenings);
  EXPECT_EQ(explanation.openings_considered, 0);
  EXPECT_EQ(explanation.main_blocker, Blocker::kNone);
  EXPECT_EQ(explanation.missing_skill, -1);
}

TEST_F(ExplainTest, TooFar) {
  AddOpening(15);
  AddOpening(15);
  AddOpening(20);
  AddOpening(12, 0b0010);  // nearer, but a longer way alone is not enough
  AddOpening(1, 0, 2);
  const Explanation explanation = ExplainHer();
  EXPECT_EQ(explanation.reason, UnmatchedReason::kNoEligibleOpening);
  EXPECT_EQ(explanation.openings_considered, 5);
  EXPECT_EQ(explanation.main_blocker, Blocker::kDistance);
  EXPECT_EQ(explanation.openings_blocked, 3);
  EXPECT_EQ(explanation.extra_metres_to_nearest, 499);
  EXPECT_EQ(explanation.openings_opened_by_metres, 2);
  EXPECT_EQ(explanation.missing_skill, -1) << "the one that lacks a skill is too far as well";
}

TEST_F(ExplainTest, MissingSkill) {
  AddOpening(1, 0b0010);
  AddOpening(2, 0b1000);
  AddOpening(3, 0b1001);
  AddOpening(4, 0b0110);            // two are missing
  AddOpening(5, 0b0010, 1, 1'200);  // too many hours as well
  AddOpening(30, 0b0010);           // too far as well
  const Explanation explanation = ExplainHer();
  EXPECT_EQ(explanation.main_blocker, Blocker::kSkills);
  EXPECT_EQ(explanation.openings_blocked, 6);
  EXPECT_EQ(explanation.missing_skill, 3);
  EXPECT_EQ(explanation.openings_opened_by_skill, 2);
  EXPECT_EQ(explanation.extra_metres_to_nearest, 0);
  EXPECT_EQ(explanation.openings_opened_by_metres, 0);
}

TEST_F(ExplainTest, EqualsGoToTheFirst) {
  AddOpening(1, 0, 2);
  AddOpening(1, uint64_t{1} << 63);
  AddOpening(1, 0b0100);
  AddOpening(1, 0, 2);
  const Explanation explanation = ExplainHer();
  EXPECT_EQ(explanation.main_blocker, Blocker::kLicence);
  EXPECT_EQ(explanation.openings_blocked, 2);
  EXPECT_EQ(explanation.missing_skill, 2);
  EXPECT_EQ(explanation.openings_opened_by_skill, 1);
}

TEST_F(ExplainTest, SaysWhatIsTheEmployersRule) {
  instance_.nurses[0].licences = LicenceBit(registry::v1::LICENCE_ASSISTANT_NURSE);
  AddOpening(1, 0, LicenceBit(registry::v1::LICENCE_PUBLIC_HEALTH_NURSE));
  AddOpening(1, 0, LicenceBit(registry::v1::LICENCE_NURSE));
  AddOpening(1, 0, LicenceBit(registry::v1::LICENCE_NURSE));
  const Explanation explanation = ExplainHer();
  EXPECT_EQ(explanation.main_blocker, Blocker::kEmployer);
  EXPECT_EQ(explanation.openings_blocked, 2);
  EXPECT_EQ(explanation.openings_considered, 3);
}

TEST_F(ExplainTest, OutrankedEverywhere) {
  for (int i = 0; i < 31; ++i) AddOpening(1);
  AddOpening(40);
  const Explanation explanation = ExplainHer();
  EXPECT_EQ(explanation.reason, UnmatchedReason::kOutrankedEverywhere);
  EXPECT_EQ(explanation.openings_eligible, 31);
  EXPECT_EQ(explanation.openings_considered, 32);
  EXPECT_EQ(explanation.main_blocker, Blocker::kDistance);
  EXPECT_EQ(explanation.openings_blocked, 1);
}

// The changes that the explanation states are sufficient, and smaller ones are not.
TEST(ExplainRandomTest, TheChangesOpenWhatTheySay) {
  InstanceMaker maker(7);
  Instance instance = maker.Make({.nurses = 200, .openings = 60, .extent_e6 = 400'000});
  for (int32_t i = 0; i < 200; ++i) {
    const Explanation explanation = Explain(instance, i);
    const auto eligible = [&](const Nurse& nurse) {
      int32_t count = 0;
      for (const Opening& opening : instance.openings) count += FirstBlocker(nurse, opening) == Blocker::kNone;
      return count;
    };
    const int32_t before = eligible(instance.nurses[i]);
    Nurse farther = instance.nurses[i];
    farther.commute_limit_metres += static_cast<int32_t>(explanation.extra_metres_to_nearest);
    ASSERT_EQ(eligible(farther), before + explanation.openings_opened_by_metres) << i;
    --farther.commute_limit_metres;
    ASSERT_LE(eligible(farther), before) << i;
    for (int skill = 0; skill < 64; ++skill) {
      Nurse trained = instance.nurses[i];
      trained.skills |= uint64_t{1} << skill;
      const int32_t opened = eligible(trained) - before;
      ASSERT_LE(opened, explanation.openings_opened_by_skill) << i;
      if (skill != explanation.missing_skill) continue;
      ASSERT_EQ(opened, explanation.openings_opened_by_skill) << i;
    }
  }
}

TEST(ExplainRandomTest, UnmatchedNursesWithCandidatesMeetNoCutoff) {
  InstanceMaker maker(8);
  const Instance instance = maker.Make({.nurses = 300, .openings = 60});
  Candidates candidates(instance);
  const Matching matching = Solve(instance);
  int outranked = 0;
  for (int32_t i = 0; i < 300; ++i) {
    if (matching.opening_of_nurse[i] >= 0) continue;
    const Explanation explanation = Explain(instance, i);
    const bool has_candidates = !candidates.Of(i).empty();
    ASSERT_EQ(explanation.reason == UnmatchedReason::kOutrankedEverywhere, has_candidates) << i;
    outranked += has_candidates;
    for (const int32_t opening : candidates.Of(i)) ASSERT_TRUE(matching.cutoffs[opening].has_value()) << i;
  }
  EXPECT_GT(outranked, 0);
}

}  // namespace
}  // namespace tsunagu::matching::rules
