#include "services/matching/rules/priority.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "services/matching/rules/testing/random_instance.h"

namespace tsunagu::matching::rules {
namespace {

struct Row {
  const char* name;
  PriorityKey first;
  PriorityKey second;
};

TEST(PriorityTest, OrdersByTheTable) {
  const Row kRows[] = {
      {"more extra skills, though far", {2, 9'000, 9, "b"}, {1, 0, 0, "a"}},
      {"nearer, though the greater lot", {1, 10, 9, "b"}, {1, 11, 0, "a"}},
      {"smaller lot, though the later name", {1, 10, 5, "b"}, {1, 10, 6, "a"}},
      {"lots compare unsigned", {1, 10, 1, "b"}, {1, 10, UINT64_MAX, "a"}},
      {"earlier name", {1, 10, 5, "a"}, {1, 10, 5, "b"}},
      {"shorter name", {1, 10, 5, "a"}, {1, 10, 5, "aa"}},
      {"names compare as bytes, unsigned", {1, 10, 5, "z"}, {1, 10, 5, "\xe3\x81\x82"}},
  };
  for (const Row& row : kRows) {
    EXPECT_TRUE(row.first < row.second) << row.name;
    EXPECT_FALSE(row.second < row.first) << row.name;
    EXPECT_FALSE(row.first == row.second) << row.name;
    EXPECT_TRUE(row.first == row.first && row.first <= row.first) << row.name;
  }
}

// Computed with Python's hashlib: stored results are verified with these values.
TEST(PriorityTest, LotsNeverChange) {
  EXPECT_EQ(DrawLot(0, ""), 0x9688dbf6e6284736u);
  EXPECT_EQ(DrawLot(20251122, "nurses/n-001"), 0x434757a17ab199d5u);
  EXPECT_EQ(DrawLot(0x8899aabbccddeeff, "nurses/看護"), 0x2462c1f45fb808b4u);
}

TEST(PriorityTest, CountsTheSkillsBeyondTheRequiredOnes) {
  Nurse nurse;
  nurse.name = "nurses/a";
  nurse.skills = 0b101101 | uint64_t{1} << 63;
  nurse.home = {35'000'000, 139'000'000};
  Opening opening;
  opening.required_skills = 0b001001;
  opening.place = {35'100'000, 139'000'000};
  EXPECT_EQ(PriorityOf(nurse, opening, 7), (PriorityKey{3, 11'120, 7, "nurses/a"}));
}

TEST(PriorityTest, IsAStrictTotalOrder) {
  InstanceMaker maker(3);
  const Instance instance = maker.Make({.nurses = 200, .openings = 1, .places = 3});
  std::vector<PriorityKey> keys;
  for (const Nurse& nurse : instance.nurses) keys.push_back(PriorityOf(nurse, instance.openings[0], maker.Below(2)));
  std::sort(keys.begin(), keys.end());
  for (size_t i = 0; i < keys.size(); ++i) {
    for (size_t j = 0; j < keys.size(); ++j) {
      ASSERT_EQ(keys[i] < keys[j], i < j) << i << " " << j;
      ASSERT_EQ(keys[i] == keys[j], i == j) << i << " " << j;
    }
  }
}

}  // namespace
}  // namespace tsunagu::matching::rules
