#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/contract/schema.h"
#include "common/testing/attendance.pb.h"
#include "common/testing/course.pb.h"
#include "common/testing/session.pb.h"
#include "gtest/gtest.h"

namespace tsunagu::contract {
namespace {

namespace school = trial::school;

const Schema& Courses() { return Schema::Of(school::Course::descriptor()); }
const Schema& Sessions() { return Schema::Of(school::Session::descriptor()); }
const Schema& Attendances() { return Schema::Of(school::Attendance::descriptor()); }

std::string Or(const absl::StatusOr<std::string>& id) { return id.ok() ? absl::StrCat("'", *id, "'") : "refused"; }

TEST(SchemaNamesTest, ANameHasTheIdsOfAllAboveIt) {
  const std::string longest(64, 'x');
  struct Case {
    const char* name;
    const Schema& schema;
    std::string given, id;
  };
  const Case cases[] = {
      {"one level", Courses(), "courses/c-1", "'c-1'"},
      {"two levels", Sessions(), "courses/c1/sessions/s1", "'c1/s1'"},
      {"three levels", Attendances(), "courses/c1/sessions/s1/attendances/a1", "'c1/s1/a1'"},
      {"of another level", Sessions(), "courses/c1", "refused"},
      {"too deep", Sessions(), "courses/c1/sessions/s1/attendances/a1", "refused"},
      {"another collection", Sessions(), "courses/c1/rooms/s1", "refused"},
      {"a wildcard", Sessions(), "courses/-/sessions/s1", "refused"},
      {"an empty id", Sessions(), "courses//sessions/s1", "refused"},
      {"a slash behind", Courses(), "courses/c1/", "refused"},
      {"none", Courses(), "", "refused"},
      {"long ids", Sessions(), absl::StrCat("courses/", longest, "/sessions/", longest),
       absl::StrCat("'", longest, "/", longest, "'")},
      {"a name of more than 191", Attendances(),
       absl::StrCat("courses/", longest, "/sessions/", longest, "/attendances/", longest), "refused"},
  };
  for (const Case& c : cases) {
    const auto id = c.schema.IdOf(c.given);
    EXPECT_EQ(Or(id), c.id) << c.name;
    if (!id.ok()) continue;
    EXPECT_TRUE(c.schema.IsId(*id)) << c.name;
    EXPECT_EQ(c.schema.NameOf(*id), c.given) << c.name;
  }
  for (const char* id : {"", "c1", "c1/", "/s1", "c1/s1/a1", "c1/S1", "c1/-s"}) EXPECT_FALSE(Sessions().IsId(id)) << id;
  EXPECT_FALSE(Attendances().IsId(absl::StrCat(longest, "/", longest, "/", longest)));
}

TEST(SchemaNamesTest, AParentGivesTheBeginningOfTheIdsUnderIt) {
  struct Case {
    const char* name;
    const Schema& schema;
    std::string parent, under, id;
  };
  const Case cases[] = {
      {"one parent", Sessions(), "courses/c1", "'c1/'", "'c1/new'"},
      {"all", Sessions(), "courses/-", "''", "refused"},
      {"two above", Attendances(), "courses/c1/sessions/s1", "'c1/s1/'", "'c1/s1/new'"},
      {"all of one course", Attendances(), "courses/c1/sessions/-", "'c1/'", "refused"},
      {"all of all", Attendances(), "courses/-/sessions/-", "''", "refused"},
      {"one of all", Attendances(), "courses/-/sessions/s1", "refused", "refused"},
      {"too high", Attendances(), "courses/c1", "refused", "refused"},
      {"none", Sessions(), "", "refused", "refused"},
      {"of what lies under nothing", Courses(), "", "refused", "refused"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Or(c.schema.IdsUnder(c.parent)), c.under) << c.name;
    EXPECT_EQ(Or(c.schema.IdUnder(c.parent, "new")), c.id) << c.name;
  }
}

TEST(SchemaNamesTest, NamesAreInTheOrderOfTheirIds) {
  std::vector<std::string> ids = {"c0/a", "c/a-", "c/a", "c-1/a", "c/b", "c-/z", "c1/a", "b/z"};
  std::sort(ids.begin(), ids.end());
  std::vector<std::string> names;
  for (const std::string& id : ids) names.push_back(Sessions().NameOf(id));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST(SchemaNamesTest, AccessIsThatOfTheNearestAboveWhoseContractSaysIt) {
  EXPECT_FALSE(Courses().has_parent());
  EXPECT_EQ(Sessions().parent(), &Courses());
  EXPECT_EQ(Attendances().parent(), &Sessions());
  EXPECT_EQ(&Attendances().access(), &Courses());
  EXPECT_EQ(&Courses().access(), &Courses());
  EXPECT_EQ(Schema::ParentOf("courses/c1/sessions/s1"), "courses/c1");
  EXPECT_EQ(Schema::ParentOf("courses/c1"), "");
}

}  // namespace
}  // namespace tsunagu::contract
