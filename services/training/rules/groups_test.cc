// Groups of a session.
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/training/rules/curriculum.h"

namespace tsunagu::training::rules {
namespace {

TEST(GroupsTest, AreChecked) {
  struct Group {
    const char* label;
    std::vector<const char*> members;
  };
  struct Case {
    const char* name;
    int size;
    std::vector<Group> groups;
    const char* said;
  };
  const Case kCases[] = {
      {"two", 2, {{"1", {"a", "b"}}, {"2", {"c"}}}, ""},
      {"an empty one", 2, {{"1", {}}}, ""},
      {"one too many", 2, {{"1", {"a", "b", "c"}}}, "groups[0].enrollments:GROUP_TOO_LARGE"},
      {"no limit", 0, {{"1", {"a", "b", "c"}}}, ""},
      {"in two", 2, {{"1", {"a"}}, {"2", {"a"}}}, "groups[1].enrollments:CODE_REPEATED"},
      {"twice in one", 2, {{"1", {"a", "a"}}}, "groups[0].enrollments:CODE_REPEATED"},
      {"not accepted", 2, {{"1", {"z"}}}, "groups[0].enrollments:GROUP_MEMBER_UNKNOWN"},
      {"a label twice", 2, {{"1", {"a"}}, {"1", {"b"}}}, "groups[1].label:CODE_REPEATED"},
  };
  for (const Case& test : kCases) {
    v1::Session session;
    session.set_group_size(test.size);
    for (const Group& group : test.groups) {
      session.add_groups()->set_label(group.label);
      for (const char* member : group.members)
        session.mutable_groups(session.groups_size() - 1)->add_enrollments(member);
    }
    Faults faults;
    CheckGroups(session, {"a", "b", "c"}, faults);
    std::string said;
    for (const auto& fault : faults.all()) absl::StrAppend(&said, fault.field(), ":", ReasonWord(fault));
    EXPECT_EQ(said, test.said) << test.name;
  }
}

}  // namespace
}  // namespace tsunagu::training::rules
