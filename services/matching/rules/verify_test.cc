#include "services/matching/rules/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/testing/random_instance.h"

namespace tsunagu::matching::rules {

bool operator==(const Finding& a, const Finding& b) {
  return a.kind == b.kind && a.nurse == b.nurse && a.opening == b.opening;
}
void PrintTo(const Finding& finding, std::ostream* out) {
  *out << "{kind " << static_cast<int>(finding.kind) << ", nurse " << finding.nurse << ", opening " << finding.opening
       << "}";
}

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Assignment = std::vector<int32_t>;

// Two openings with one post each at the same place; every nurse is eligible for both unless a test changes it.
class VerifyTest : public testing::Test {
 protected:
  VerifyTest() {
    for (const char* name : {"nurses/strong", "nurses/weak"}) {
      Nurse nurse;
      nurse.name = name;
      nurse.licences = 1;
      nurse.skills = instance_.nurses.empty() ? 3 : 1;
      nurse.wishes = {0, 1};
      instance_.nurses.push_back(nurse);
    }
    for (const char* name : {"openings/a", "openings/b"}) {
      Opening opening;
      opening.name = name;
      opening.posts = 1;
      opening.licences = 1;
      instance_.openings.push_back(opening);
    }
  }

  std::vector<Finding> Findings(const Assignment& assignment) const {
    const Verdict verdict = VerifyMatching(instance_, assignment);
    EXPECT_EQ(verdict.stable, verdict.findings.empty());
    EXPECT_EQ(verdict.finding_count, static_cast<int64_t>(verdict.findings.size()));
    return verdict.findings;
  }

  Instance instance_;
};

TEST_F(VerifyTest, AcceptsTheStableOne) {
  EXPECT_THAT(Findings({0, 1}), IsEmpty());
  EXPECT_EQ(VerifyMatching(instance_, Assignment{0, 1}).checked_pairs, 4);
}

TEST_F(VerifyTest, BlockingPair) {
  EXPECT_THAT(Findings({1, 0}), ElementsAre(Finding{FindingKind::kBlockingPair, 0, 0}));
}

TEST_F(VerifyTest, EmptyPostWantedByAnUnmatchedNurse) {
  EXPECT_THAT(Findings({0, -1}), ElementsAre(Finding{FindingKind::kEmptyPostWanted, 1, 1}));
}

TEST_F(VerifyTest, EmptyPostWantedByAMatchedNurse) {
  instance_.nurses.pop_back();
  EXPECT_THAT(Findings({1}), ElementsAre(Finding{FindingKind::kEmptyPostWanted, 0, 0}));
}

TEST_F(VerifyTest, OverCapacity) {
  EXPECT_THAT(Findings({0, 0}), ElementsAre(Finding{FindingKind::kOverCapacity, -1, 0}));
}

TEST_F(VerifyTest, NotEligible) {
  instance_.openings[0].licences = 2;
  EXPECT_THAT(Findings({0, 1}), Contains(Finding{FindingKind::kNotEligible, 0, 0}));
  EXPECT_THAT(Findings({1, -1}), IsEmpty());
}

TEST_F(VerifyTest, NoPostsIsNotEligibleAndOverCapacity) {
  instance_.openings[1].posts = -3;
  EXPECT_THAT(Findings({0, 1}),
              ElementsAre(Finding{FindingKind::kOverCapacity, -1, 1}, Finding{FindingKind::kNotEligible, 1, 1}));
  EXPECT_THAT(Findings({0, -1}), IsEmpty());
}

TEST_F(VerifyTest, UnknownOpening) {
  instance_.nurses.pop_back();
  EXPECT_THAT(Findings({2}), Contains(Finding{FindingKind::kUnknownOpening, 0, 2}));
  EXPECT_THAT(Findings({-2}), Contains(Finding{FindingKind::kUnknownOpening, 0, -2}));
}

TEST_F(VerifyTest, WrongSize) {
  EXPECT_THAT(Findings({0}), ElementsAre(Finding{FindingKind::kWrongSize, -1, -1}));
  EXPECT_THAT(Findings({0, 1, -1}), ElementsAre(Finding{FindingKind::kWrongSize, -1, -1}));
}

// 34 openings for which she is eligible, of which she wishes for the last; one more has no posts.
class VerifyLongListTest : public VerifyTest {
 protected:
  VerifyLongListTest() {
    instance_.nurses.pop_back();
    for (int i = 2; i < 35; ++i) {
      instance_.openings.push_back(instance_.openings[0]);
      instance_.openings.back().name = "openings/x" + std::to_string(100 + i);
    }
    instance_.openings[31].posts = 0;
    instance_.nurses[0].wishes = {34};
  }
};

TEST_F(VerifyLongListTest, NothingIsCutOff) {
  EXPECT_THAT(Findings({34}), IsEmpty());
  for (const int32_t last : {29, 30, 32, 33}) {
    const Verdict verdict = VerifyMatching(instance_, Assignment{last});
    EXPECT_EQ(verdict.finding_count, last < 31 ? last + 1 : last) << "the wish, and every nearer one that is free";
    EXPECT_EQ(verdict.findings.size(), kMaxFindings);
    EXPECT_EQ(verdict.findings[0], (Finding{FindingKind::kEmptyPostWanted, 0, 34}));
    EXPECT_EQ(verdict.findings[19], (Finding{FindingKind::kEmptyPostWanted, 0, 18}));
  }
  EXPECT_EQ(VerifyMatching(instance_, Assignment{-1}).finding_count, 34);
}

TEST_F(VerifyLongListTest, TableOneCutsAfterThirty) {
  // The wish 34, then 0 to 29 by name, which leaves out 30, 32 and 33.
  EXPECT_EQ(VerifyMatching(instance_, Assignment{29}, 1).finding_count, 30)
      << "acceptable, but 30 better ones are empty";
  for (const int32_t cut : {30, 32, 33}) {
    const Verdict verdict = VerifyMatching(instance_, Assignment{cut}, 1);
    EXPECT_EQ(verdict.finding_count, 32) << "31 better ones and this";
    EXPECT_THAT(verdict.findings, Contains(Finding{FindingKind::kNotAcceptable, 0, cut}));
  }
}

TEST_F(VerifyTest, AMidwifeCountsAsNurseSinceTableTwo) {
  instance_.nurses.pop_back();
  instance_.nurses[0].licences = LicenceBit(registry::v1::LICENCE_MIDWIFE);
  for (Opening& opening : instance_.openings) opening.licences = LicenceBit(registry::v1::LICENCE_NURSE);
  EXPECT_THAT(Findings({0}), IsEmpty());
  EXPECT_THAT(VerifyMatching(instance_, Assignment{0}, 1).findings, Contains(Finding{FindingKind::kNotEligible, 0, 0}));
  EXPECT_TRUE(VerifyMatching(instance_, Assignment{-1}, 1).stable);
  instance_.openings[0].named_licences_only = true;
  EXPECT_THAT(Findings({0}), Contains(Finding{FindingKind::kNotEligible, 0, 0}));
  EXPECT_THAT(Findings({1}), IsEmpty());
}

// A nurse's days and excluded facilities count since table 3; rounds of earlier tables ignored them.
TEST_F(VerifyTest, WhatSheSaysOfHerDaysCountsSinceTableThree) {
  struct Row {
    const char* name;
    std::function<void(Nurse&, Opening&)> change;
  };
  const Row kRows[] = {
      {"a half-day", [](Nurse& n, Opening& o) { n.half_days.school = 2, o.half_days.school = 6; }},
      {"one of the holidays", [](Nurse& n, Opening& o) { n.half_days.holidays = 2, o.half_days.holidays = 4; }},
      {"fewer hours", [](Nurse& n, Opening& o) { n.min_weekly_minutes = 601, o.max_weekly_minutes = 600; }},
      {"the start", [](Nurse& n, Opening& o) { n.available_from = o.start = jp::CivilDay(2027, 4, 1), --o.start; }},
      {"the facility",
       [](Nurse& n, Opening& o) {
         n.unwanted = {1, 7}, o.facility = 7;
       }},
  };
  instance_.nurses.pop_back();
  const Instance before = instance_;
  for (const Row& row : kRows) {
    instance_ = before;
    row.change(instance_.nurses[0], instance_.openings[0]);
    EXPECT_THAT(Findings({0}), Contains(Finding{FindingKind::kNotEligible, 0, 0})) << row.name;
    EXPECT_THAT(Findings({1}), IsEmpty()) << row.name;
    for (const int table : {1, 2}) {
      EXPECT_TRUE(VerifyMatching(instance_, Assignment{0}, table).stable) << row.name;
      EXPECT_FALSE(VerifyMatching(instance_, Assignment{1}, table).stable) << row.name;
    }
  }
}

TEST_F(VerifyTest, KnowsNoOtherTable) {
  for (const int table : {0, 4}) {
    EXPECT_THAT(VerifyMatching(instance_, Assignment{0, 1}, table).findings,
                ElementsAre(Finding{FindingKind::kUnknownRules, -1, -1}));
  }
}

TEST_F(VerifyTest, EmptyInstance) { EXPECT_TRUE(VerifyMatching(Instance(), {}).stable); }

const Shape kShapes[] = {
    {.nurses = 60, .openings = 50, .extent_e6 = 150'000},
    {.nurses = 60, .openings = 50, .most_posts = 1, .extent_e6 = 60'000},
    {.nurses = 60, .openings = 50, .most_wishes = 8, .places = 3},
    {.nurses = 60, .openings = 50, .most_wishes = 8, .alike = true},
    {.nurses = 40, .openings = 120, .most_posts = 1, .extent_e6 = 60'000},  // more than 30 eligible
};

// With strict preferences an opening fills the same number of posts in every stable matching, so moving exactly one
// nurse never gives another stable matching.
TEST(VerifyRandomTest, AcceptsTheSolverAndRefusesSingleChanges) {
  InstanceMaker maker(9);
  for (const Shape& shape : kShapes) {
    for (int i = 0; i < 2; ++i) {
      const Instance instance = maker.Make(shape);
      Assignment assignment = Solve(instance).opening_of_nurse;
      ASSERT_TRUE(VerifyMatching(instance, assignment).stable);
      for (int32_t& entry : assignment) {
        const int32_t right = entry;
        for (int32_t wrong = -1; wrong < shape.openings; wrong += 1 + maker.Below(4)) {
          if (wrong == right) continue;
          entry = wrong;
          ASSERT_FALSE(VerifyMatching(instance, assignment).stable) << right << " to " << wrong;
        }
        entry = right;
      }
    }
  }
}

// Two nurses exchange their posts: rarely stable, since other stable matchings are rare.
TEST(VerifyRandomTest, RefusesMostExchanges) {
  InstanceMaker maker(10);
  int exchanges = 0;
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    const Instance instance = maker.Make(kShapes[i % 4]);
    Assignment assignment = Solve(instance).opening_of_nurse;
    int32_t& a = assignment[maker.Below(60)];
    int32_t& b = assignment[maker.Below(60)];
    if (a == b) continue;
    ++exchanges;
    std::swap(a, b);
    refused += !VerifyMatching(instance, assignment).stable;
  }
  EXPECT_GT(exchanges, 200);
  EXPECT_GT(refused, exchanges * 9 / 10);
}

}  // namespace
}  // namespace tsunagu::matching::rules
