#include "services/matching/rules/rule_table.h"

#include <algorithm>
#include <vector>

#include "gtest/gtest.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/testing/random_instance.h"
#include "services/matching/rules/verify.h"
#include "services/matching/rules/verify_lists.h"

namespace tsunagu::matching::rules {
namespace {

// Compares each pair with the verifier's reading of the table, which shares no code with this one.
TEST(RuleTableTest, EachTableSaysWhatTheVerifierOfItSays) {
  int64_t differ_2 = 0, differ_1 = 0, cut = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Shape shape;
    shape.nurses = 25;
    shape.openings = seed % 2 == 0 ? 80 : 20;
    shape.fewest_posts = seed % 3 == 0 ? 0 : 1;
    shape.extent_e6 = seed % 2 == 0 ? 60'000 : 150'000;
    Instance instance = InstanceMaker(seed).Make(shape);
    // A wish for a facility is a wish for each of its openings.
    for (size_t i = 0; i < instance.openings.size(); ++i) instance.openings[i].facility = static_cast<int32_t>(i);
    const Instance today = ReadByTable(instance, kRuleTableVersion);
    for (int version = 1; version <= kRuleTableVersion; ++version) {
      const Instance read = ReadByTable(instance, version);
      ListReader lists(instance, version);
      for (size_t nurse = 0; nurse < instance.nurses.size(); ++nurse) {
        std::vector<bool> listed(instance.openings.size(), false);
        for (const Listed& one : lists.Read(instance.nurses[nurse])) listed[one.opening] = true;
        for (size_t opening = 0; opening < listed.size(); ++opening) {
          const Blocker blocker = FirstBlocker(read.nurses[nurse], read.openings[opening]);
          ASSERT_EQ(blocker == Blocker::kNone, listed[opening]) << "seed " << seed << " table " << version;
          ASSERT_EQ(blocker == Blocker::kNotListed,
                    lists.WayTo(instance.nurses[nurse], static_cast<int32_t>(opening)) >= 0 && !listed[opening]);
          const Blocker now = FirstBlocker(today.nurses[nurse], today.openings[opening]);
          differ_2 += version == 2 && now != blocker;
          differ_1 += version == 1 && now != blocker;
          cut += blocker == Blocker::kNotListed;
          if (version < 3) {
            ASSERT_NE(blocker, Blocker::kHalfDays);
          }
          if (version == 1) {
            ASSERT_NE(blocker, Blocker::kEmployer);
          }
        }
      }
    }
  }
  EXPECT_GT(differ_2, 1'000);
  EXPECT_GT(differ_1, 1'000);
  EXPECT_GT(cut, 100);
}

// A result that is solved by a table, also after a change, is stable by that table.
TEST(RuleTableTest, WhatIsReadCanBeSolvedAndChanged) {
  int moved = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Shape shape;
    shape.alike = seed % 2 == 0;  // unplaced nurses would apply beyond the 30 nearest of table 1
    shape.nurses = shape.alike ? 120 : 40;
    shape.openings = shape.alike ? 80 : 20;
    shape.extent_e6 = shape.alike ? 60'000 : 150'000;
    Instance instance = InstanceMaker(seed).Make(shape);
    for (size_t i = 0; i < instance.openings.size(); ++i) instance.openings[i].facility = static_cast<int32_t>(i);
    for (int version = 1; version <= kRuleTableVersion; ++version) {
      Instance read = ReadByTable(instance, version), changed = instance;
      const std::vector<int32_t> before = Solve(read).opening_of_nurse;
      EXPECT_TRUE(VerifyMatching(instance, before, version).stable) << "seed " << seed << " table " << version;
      for (Instance* one : {&read, &changed}) {
        for (Nurse& nurse : one->nurses) nurse.skills |= 4, nurse.commute_limit_metres += 5'000;
      }
      const std::vector<int32_t> after = Solve(ReadByTable(read, version)).opening_of_nurse;
      EXPECT_TRUE(VerifyMatching(changed, after, version).stable) << "seed " << seed << " table " << version;
      moved += before != after;
    }
  }
  EXPECT_GT(moved, 30);
}

TEST(RuleTableTest, ATableOfTodayOrUnknownChangesNothing) {
  Shape shape;
  shape.nurses = 10;
  shape.openings = 10;
  const Instance instance = InstanceMaker(1).Make(shape);
  for (const int version : {0, 3, 4}) {
    const Instance read = ReadByTable(instance, version);
    for (size_t nurse = 0; nurse < 10; ++nurse) {
      for (size_t opening = 0; opening < 10; ++opening) {
        EXPECT_EQ(FirstBlocker(read.nurses[nurse], read.openings[opening]),
                  FirstBlocker(instance.nurses[nurse], instance.openings[opening]));
      }
    }
  }
}

}  // namespace
}  // namespace tsunagu::matching::rules
