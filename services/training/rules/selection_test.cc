#include "services/training/rules/selection.h"

#include <string>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace tsunagu::training::rules {
namespace {

v1::Enrollment Nominated(const char* name, v1::Enrollment::Ground ground, int rank, int second) {
  v1::Enrollment enrollment;
  enrollment.set_name(name);
  enrollment.set_ground(ground);
  enrollment.set_rank(rank);
  enrollment.mutable_create_time()->set_seconds(second);
  return enrollment;
}

struct Case {
  const char* name;
  std::vector<v1::Course::Criterion> order;
  std::vector<v1::Enrollment> nominated;
  const char* expected;
};

TEST(SelectionTest, PutsInOrder) {
  constexpr auto kToBePlaced = v1::Enrollment::GROUND_TO_BE_PLACED;
  constexpr auto kSuccessor = v1::Enrollment::GROUND_SUCCESSOR;
  constexpr auto kOther = v1::Enrollment::GROUND_OTHER;
  const Case kCases[] = {
      {"ground, then rank, where nothing is said",
       {},
       {Nominated("a", kOther, 1, 1), Nominated("b", kSuccessor, 2, 2), Nominated("c", kSuccessor, 1, 3),
        Nominated("d", kToBePlaced, 9, 4)},
       "d c b a"},
      {"everybody's first before anybody's second",
       {v1::Course::CRITERION_RANK},
       {Nominated("a", kToBePlaced, 2, 1), Nominated("b", kOther, 1, 2)},
       "b a"},
      {"who came first",
       {v1::Course::CRITERION_NOMINATION_TIME},
       {Nominated("a", kToBePlaced, 1, 2), Nominated("b", kOther, 9, 1)},
       "b a"},
      {"equal in all: by time, then by name",
       {v1::Course::CRITERION_GROUND},
       {Nominated("c", kOther, 1, 7), Nominated("b", kOther, 1, 7), Nominated("a", kOther, 1, 8)},
       "b c a"},
  };
  for (const Case& test : kCases) {
    v1::Course course;
    for (const auto criterion : test.order) course.add_selection_order(criterion);
    std::vector<v1::Enrollment> nominated = test.nominated;
    PutInOrder(course, nominated);
    const auto append_name = [](std::string* out, const v1::Enrollment& one) { out->append(one.name()); };
    EXPECT_EQ(absl::StrJoin(nominated, " ", append_name), test.expected) << test.name;
  }
}

}  // namespace
}  // namespace tsunagu::training::rules
