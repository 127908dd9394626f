// A caller who sees the parent sees the records under it: in lists, changes, the change feed, and personal data; also
// after the parent has moved.
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "tests/wire/school_test_base.h"
#include "tsunagu/platform/v1/change.pb.h"
#include "tsunagu/platform/v1/erasure.pb.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr char kNoCourse[] = "NOT_FOUND COURSE_NOT_FOUND parent:COURSE_NOT_FOUND";
constexpr char kTottori[] = "areas/312011", kIwami[] = "areas/313025";

class ParentAccessTest : public SchoolTest {
 protected:
  void SetUp() override {
    SchoolTest::SetUp();
    if (IsSkipped()) return;
    SetRole("school", {"courses.*", "sessions.*", "attendances.*", "areas.read", "changes.read"});
    tottori_.emplace(CallerWith("tottori", {absl::StrCat("school@", kTottori)}));
    iwami_.emplace(CallerWith("iwami", {absl::StrCat("school@", kIwami)}));
  }
  const Caller& tottori() { return *tottori_; }
  const Caller& iwami() { return *iwami_; }

  static absl::StatusOr<school::Attendance> GetAttendance(const Caller& caller, const std::string& name) {
    school::GetAttendanceRequest request;
    request.set_name(name);
    return Call<school::Attendance>(caller, "AttendanceService/GetAttendance", request);
  }
  static std::vector<std::string> Search(const Caller& caller, const std::string& parent, const std::string& name) {
    school::SearchAttendancesRequest request;
    request.set_parent(parent);
    request.set_display_name(name);
    const auto found =
        Call<school::SearchAttendancesResponse>(caller.For("tests"), "AttendanceService/SearchAttendances", request);
    if (!found.ok()) return {Said(found)};
    std::vector<std::string> names;
    for (const auto& one : found->attendances()) names.push_back(one.name());
    return names;
  }
  // "ADDED courses/a …", from the beginning.
  static std::vector<std::string> Changes(const Caller& caller) {
    platform_v1::ReadChangesRequest request;
    request.set_parent("services/registry");
    for (const char* collection : {"courses", "sessions", "attendances"}) request.add_collections(collection);
    request.set_from_beginning(true);
    request.set_page_size(1000);
    const auto read = caller.Call<platform_v1::ReadChangesResponse>("platform.v1.ChangeService/ReadChanges", request);
    EXPECT_EQ(Said(read), "OK");
    std::vector<std::string> lines;
    if (!read.ok()) return lines;
    for (const auto& change : read->changes()) {
      const std::string kind = platform_v1::Change::Kind_Name(change.kind()).substr(5);
      lines.push_back(absl::StrCat(kind, " ", change.resource_name()));
    }
    return lines;
  }

 private:
  std::optional<Caller> tottori_, iwami_;
};
WIRE_TEST_ON_BOTH(ParentAccessTest);

TEST_P(ParentAccessTest, IsThatOfTheParent) {
  const std::string a = AddCourse("a", "", kTottori), b = AddCourse("b", "", kIwami);
  const auto mine = AddSession(tottori(), a, "s", "2050-05-01");
  ASSERT_EQ(Said(mine), "OK");
  ASSERT_EQ(Said(AddSession(iwami(), b, "s", "2050-05-01")), "OK");
  EXPECT_EQ(Said(AddSession(tottori(), b, "t", "2050-05-02")), kNoCourse) << "as if it were not there";
  EXPECT_EQ(Said(GetSession(tottori(), mine->name())), "OK");
  EXPECT_EQ(Said(GetSession(iwami(), mine->name())), "NOT_FOUND SESSION_NOT_FOUND");
  EXPECT_THAT(ListSessions(tottori(), "courses/-"), ElementsAre("courses/a/sessions/s"));
  EXPECT_THAT(ListSessions(tottori(), "courses/b"), ElementsAre(kNoCourse));
  SetRole("reader", {"*.read"});
  SetRole("writer", {"sessions.write"});
  const Caller both = CallerWith("both", {"reader@*", absl::StrCat("writer@", kTottori)});
  EXPECT_EQ(Said(AddSession(both, b, "t", "2050-05-02")), "PERMISSION_DENIED OUT_OF_SCOPE") << "seen, but not hers";
}

TEST_P(ParentAccessTest, FollowsTheParentWhenThatMoves) {
  const std::string a = AddCourse("a", "", kTottori), near = AddCourse("a-b", "", kTottori);
  const auto session = AddSession(tottori(), a, "s", "2050-05-01");
  ASSERT_EQ(Said(session), "OK");
  ASSERT_EQ(Said(AddSession(tottori(), near, "s", "2050-05-01")), "OK");
  const std::string attendance = AddAttendance(session->name(), "見本 花子");
  EXPECT_EQ(Said(GetAttendance(iwami(), attendance)), "NOT_FOUND ATTENDANCE_NOT_FOUND");

  ASSERT_EQ(Said(MoveCourse(admin(), a, kIwami)), "OK");
  EXPECT_EQ(Said(GetSession(tottori(), session->name())), "NOT_FOUND SESSION_NOT_FOUND");
  EXPECT_EQ(Said(GetSession(iwami(), session->name())), "OK");
  EXPECT_EQ(Said(GetAttendance(tottori(), attendance)), "NOT_FOUND ATTENDANCE_NOT_FOUND");
  EXPECT_EQ(Said(GetAttendance(iwami(), attendance)), "OK");
  EXPECT_THAT(ListSessions(tottori(), "courses/-"), ElementsAre("courses/a-b/sessions/s"));
  EXPECT_THAT(ListSessions(iwami(), "courses/-"), ElementsAre(session->name()));
  EXPECT_EQ(GetSession(admin(), session->name())->etag(), "2") << "a revision, for whoever follows the changes";
  EXPECT_EQ(GetSession(admin(), "courses/a-b/sessions/s")->etag(), "1");
  EXPECT_THAT(VerifyTables(), IsEmpty());

  EXPECT_THAT(Changes(tottori()),
              UnorderedElementsAre("ADDED courses/a", "ADDED courses/a-b", "ADDED courses/a/sessions/s",
                                   "ADDED courses/a-b/sessions/s", "ADDED " + attendance, "REMOVED courses/a",
                                   "REMOVED courses/a/sessions/s", "REMOVED " + attendance));
  EXPECT_THAT(Changes(iwami()),
              UnorderedElementsAre("ADDED courses/a", "ADDED courses/a/sessions/s", "ADDED " + attendance));

  ASSERT_EQ(Said(EndCourse(admin(), a, "2050-04-02")), "OK");
  EXPECT_EQ(GetSession(admin(), session->name())->etag(), "2") << "nobody else sees it";
}

// More than a request's row in `requests` could name.
TEST_P(ParentAccessTest, AThousandFollow) {
  const std::string a = AddCourse("a", "", kTottori);
  std::string file = "course,session_id,room,valid_from_date,valid_to_date\n";
  constexpr int kSessions = 1200;
  for (int i = 0; i < kSessions; ++i) {
    const std::string day = jp::FormatIso(jp::CivilDay(2050, 5, 1) + i);
    absl::StrAppend(&file, a, ",the-session-with-the-number-", i, ",", i, ",", day, ",", day, "\n");
  }
  ASSERT_EQ(ImportCsv(admin(), "sessions", file).summary, "1200 rows: 1200 created");
  ASSERT_EQ(Said(MoveCourse(admin(), a, kIwami)), "OK");
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `sessions_access` WHERE `key` = 'areas/313025'"), kSessions);
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `sessions_access` WHERE `key` = 'areas/312011'"), 0);
  EXPECT_THAT(VerifyTables(), IsEmpty()) << "which reads them in pages";
}

TEST_P(ParentAccessTest, PersonalDataIsSeenWhereTheParentIs) {
  const std::string a = AddCourse("a", "", kTottori), b = AddCourse("b", "", kTottori);
  ASSERT_EQ(Said(AddSession(admin(), a, "s", "2050-05-01")), "OK");
  ASSERT_EQ(Said(AddSession(admin(), b, "s", "2050-05-01")), "OK");
  const std::string attendance = AddAttendance("courses/a/sessions/s", "見本 花子");
  const std::string other = AddAttendance("courses/b/sessions/s", "見本 花子");
  SetRole("seer", {"*.read", "*.search"});
  SetRole("identity", {"attendances.identity", "attendances.confidential"});
  const Caller seer = CallerWith("seer", {"seer@*", absl::StrCat("identity@", kTottori)});
  const auto seen = [&](const Caller& caller) {
    const auto found = GetAttendance(caller, attendance);
    return found.ok() ? found->display_name() : Said(found);
  };
  EXPECT_EQ(seen(seer.For("tests")), "見本 花子");
  EXPECT_EQ(seen(seer), "") << "without a purpose";
  EXPECT_EQ(seen(iwami().For("tests")), "NOT_FOUND ATTENDANCE_NOT_FOUND");

  struct Case {
    const char* name;
    std::string parent;
    std::vector<std::string> found;
  };
  const Case cases[] = {
      {"one session", "courses/a/sessions/s", {attendance}},
      {"all of one course", "courses/b/sessions/-", {other}},
      {"all", "courses/-/sessions/-", {attendance, other}},
      {"no such course", "courses/c/sessions/-", {kNoCourse}},
      {"one of all", "courses/-/sessions/s", {"INVALID_ARGUMENT INVALID_REQUEST parent:MALFORMED_NAME"}},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(Search(seer, c.parent, "見本 花子"), testing::UnorderedElementsAreArray(c.found)) << c.name;
  }

  ASSERT_EQ(Said(MoveCourse(admin(), a, kIwami)), "OK");
  EXPECT_EQ(seen(seer.For("tests")), "") << "it is another municipality's now";
  EXPECT_EQ(seen(reader()), "見本 花子") << "nothing is lost";
  EXPECT_EQ(GetAttendance(reader(), attendance)->diet(), "そば抜き");
  platform_v1::ListRevisionsRequest history;
  history.set_parent("services/registry");
  history.set_resource_name(attendance);
  for (const auto& [caller, name] : {std::pair(reader(), "見本 花子"), std::pair(seer.For("tests"), "")}) {
    const auto revisions =
        caller.Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", history);
    ASSERT_EQ(Said(revisions), "OK");
    ASSERT_EQ(revisions->revisions_size(), 2);
    school::Attendance image;
    ASSERT_TRUE(revisions->revisions(0).image().UnpackTo(&image));
    EXPECT_EQ(image.display_name(), name);
  }
  EXPECT_THAT(VerifyTables(), IsEmpty());
}

TEST_P(ParentAccessTest, ErasedPeopleStayErasedWhenTheParentMoves) {
  const std::string a = AddCourse("a", "", kTottori);
  ASSERT_EQ(Said(AddSession(admin(), a, "s", "2050-05-01")), "OK");
  const std::string attendance = AddAttendance("courses/a/sessions/s", "見本 花子");
  platform_v1::EraseDataSubjectRequest erase;
  erase.set_parent("services/registry");
  erase.set_subject(attendance);
  ASSERT_EQ(
      Said(admin().Call<platform_v1::EraseDataSubjectResponse>("platform.v1.ErasureService/EraseDataSubject", erase)),
      "OK");
  ASSERT_EQ(Said(MoveCourse(admin(), a, kIwami)), "OK");
  const auto left = GetAttendance(iwami(), attendance);
  ASSERT_EQ(Said(left), "OK");
  EXPECT_EQ(GetAttendance(reader(), attendance)->display_name(), "");
  EXPECT_EQ(left->etag(), "3");
  EXPECT_THAT(VerifyTables(), IsEmpty());
}

TEST_P(ParentAccessTest, VerifyJournalNamesWhoeverWasLetInByHand) {
  for (const char* course : {"a", "b"}) {
    ASSERT_EQ(Said(AddSession(admin(), AddCourse(course, "", kTottori), "s", "2050-05-01")), "OK");
  }
  AddAttendance("courses/a/sessions/s", "見本 花子");
  server().Spoil();
  ASSERT_THAT(VerifyTables(), IsEmpty());
  Execute(registry(),
          "UPDATE `sessions_access` SET `key` = 'areas/313025' WHERE `id` = 'a/s' AND `key` = 'areas/312011'");
  EXPECT_THAT(VerifyTables(), ElementsAre("side courses/a/sessions/s sessions_access"));
  Execute(registry(), "UPDATE `sessions` SET `room` = 'x' WHERE `id` = 'b/s'");
  Execute(registry(), "DELETE FROM `courses` WHERE `id` = 'b'");
  EXPECT_THAT(VerifyTables(), UnorderedElementsAre("removed courses/b ", "differs courses/b/sessions/s room",
                                                   "side courses/a/sessions/s sessions_access"));
}

}  // namespace
}  // namespace tsunagu::wire
