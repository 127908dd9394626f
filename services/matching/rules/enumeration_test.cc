// Compares the solver and the verifier with the definition of stability, on every matching of many tiny instances.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "services/matching/rules/candidates.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/priority.h"
#include "services/matching/rules/testing/random_instance.h"
#include "services/matching/rules/verify.h"

namespace tsunagu::matching::rules {
namespace {

using Assignment = std::vector<int32_t>;

constexpr int kInstances = 20'000;
constexpr int32_t kUnacceptable = 1'000;

// An instance as two tables, and stability by definition.
class Definition {
 public:
  explicit Definition(const Instance& instance) : instance_(instance), keys_(instance.nurses.size()) {
    Candidates candidates(instance);
    for (size_t nurse = 0; nurse < instance.nurses.size(); ++nurse) {
      lists_.push_back(candidates.Of(static_cast<int32_t>(nurse)));
      const uint64_t lot = DrawLot(instance.seed, instance.nurses[nurse].name);
      for (const Opening& opening : instance.openings) {
        keys_[nurse].push_back(PriorityOf(instance.nurses[nurse], opening, lot));
      }
    }
  }

  // Returns 0 for her first choice; no opening ranks after every opening that she accepts.
  int32_t Rank(int32_t nurse, int32_t opening) const {
    const std::vector<int32_t>& list = lists_[nurse];
    if (opening < 0) return static_cast<int32_t>(list.size());
    const auto at = std::find(list.begin(), list.end(), opening);
    return at == list.end() ? kUnacceptable : static_cast<int32_t>(at - list.begin());
  }

  bool Feasible(const Assignment& assignment) const {
    std::vector<int32_t> used(instance_.openings.size(), 0);
    for (size_t nurse = 0; nurse < assignment.size(); ++nurse) {
      if (Rank(static_cast<int32_t>(nurse), assignment[nurse]) == kUnacceptable) return false;
      if (assignment[nurse] < 0) continue;
      if (++used[assignment[nurse]] > instance_.openings[assignment[nurse]].posts) return false;
    }
    return true;
  }

  bool Stable(const Assignment& assignment) const {
    if (!Feasible(assignment)) return false;
    for (size_t nurse = 0; nurse < assignment.size(); ++nurse) {
      for (size_t opening = 0; opening < instance_.openings.size(); ++opening) {
        if (Blocks(assignment, static_cast<int32_t>(nurse), static_cast<int32_t>(opening))) return false;
      }
    }
    return true;
  }

 private:
  bool Blocks(const Assignment& assignment, int32_t nurse, int32_t opening) const {
    if (Rank(nurse, opening) >= Rank(nurse, assignment[nurse])) return false;
    int32_t used = 0;
    for (size_t other = 0; other < assignment.size(); ++other) {
      if (assignment[other] != opening) continue;
      ++used;
      if (keys_[nurse][opening] < keys_[other][opening]) return true;
    }
    return used < instance_.openings[opening].posts;
  }

  const Instance& instance_;
  std::vector<std::vector<int32_t>> lists_;
  std::vector<std::vector<PriorityKey>> keys_;
};

// Steps through all assignments, feasible or not. Returns false after the last.
bool Next(Assignment& assignment, int32_t openings) {
  for (int32_t& entry : assignment) {
    if (++entry < openings) return true;
    entry = -1;
  }
  return false;
}

std::string Show(const Assignment& assignment) {
  std::ostringstream out;
  for (const int32_t opening : assignment) out << opening << " ";
  return out.str();
}

struct Tally {
  int64_t assignments = 0;
  int64_t stable = 0;
  int64_t several = 0;  // instances with more than one stable matching
  int64_t placed = 0;
};

void CheckOptimal(const Definition& definition, const Assignment& solved, const Assignment& stable) {
  for (size_t i = 0; i < solved.size(); ++i) {
    const auto nurse = static_cast<int32_t>(i);
    ASSERT_LE(definition.Rank(nurse, solved[i]), definition.Rank(nurse, stable[i])) << Show(solved) << Show(stable);
    ASSERT_EQ(solved[i] < 0, stable[i] < 0) << "the same nurses have posts in every stable matching";
  }
}

void CheckEveryAssignment(const Instance& instance, Tally& tally) {
  const Definition definition(instance);
  const Assignment solved = Solve(instance).opening_of_nurse;
  ASSERT_TRUE(definition.Stable(solved)) << Show(solved);
  int64_t stable_count = 0;
  Assignment assignment(instance.nurses.size(), -1);
  do {
    const bool stable = definition.Stable(assignment);
    ASSERT_EQ(VerifyMatching(instance, assignment).stable, stable) << Show(assignment);
    ++tally.assignments;
    if (!stable) continue;
    ++stable_count;
    CheckOptimal(definition, solved, assignment);
    if (testing::Test::HasFatalFailure()) return;
  } while (Next(assignment, static_cast<int32_t>(instance.openings.size())));
  tally.stable += stable_count;
  tally.several += stable_count > 1;
  for (const int32_t opening : solved) tally.placed += opening >= 0;
}

void CheckEveryChange(const Instance& instance) {
  const Definition definition(instance);
  Assignment assignment = Solve(instance).opening_of_nurse;
  for (int32_t& entry : assignment) {
    const int32_t right = entry;
    for (entry = -2; entry <= static_cast<int32_t>(instance.openings.size()); ++entry) {
      const bool unchanged = entry == right;
      ASSERT_EQ(VerifyMatching(instance, assignment).stable, unchanged) << Show(assignment);
    }
    entry = right;
  }
}

// Half of them are mixed; in the other half wishes and priorities often conflict, so that there are several stable
// matchings.
Instance TinyInstance(InstanceMaker& maker) {
  Shape shape;
  shape.extent_e6 = 150'000;
  shape.places = maker.Below(3) == 0 ? 2 : 0;
  shape.alike = maker.Below(2) == 0;
  shape.nurses = shape.alike ? 3 + maker.Below(2) : 1 + maker.Below(4);
  shape.openings = shape.alike ? 3 : 1 + maker.Below(3);
  shape.fewest_posts = shape.alike ? 1 : 0;
  shape.most_posts = shape.alike ? 1 : 2;
  shape.most_wishes = shape.alike ? 8 : 4;
  return maker.Make(shape);
}

TEST(EnumerationTest, EveryMatchingOfTwentyThousandInstances) {
  InstanceMaker maker(20251122);
  Tally tally;
  for (int i = 0; i < kInstances; ++i) {
    const Instance instance = TinyInstance(maker);
    CheckEveryAssignment(instance, tally);
    CheckEveryChange(instance);
    ASSERT_FALSE(HasFatalFailure()) << "instance " << i;
  }
  // The instances are diverse enough: many nurses are placed, and there are often several stable matchings.
  EXPECT_GT(tally.assignments, 500'000);
  EXPECT_GT(tally.several, 200);
  EXPECT_GT(tally.placed, kInstances / 2);
  RecordProperty("assignments", std::to_string(tally.assignments));
  RecordProperty("stable", std::to_string(tally.stable));
  RecordProperty("several", std::to_string(tally.several));
}

}  // namespace
}  // namespace tsunagu::matching::rules
