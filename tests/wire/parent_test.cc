// Records under others: their names, their lists, and the errors if the parent does not exist or has ended.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/school_test_base.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kEnded[] = "FAILED_PRECONDITION PARENT_ENDED parent:PARENT_ENDED";

class ParentTest : public SchoolTest {};
WIRE_TEST_ON_BOTH(ParentTest);

TEST_P(ParentTest, ANewRecordNeedsItsParent) {
  const std::string a = AddCourse("a"), b = AddCourse("b");
  ASSERT_EQ(Said(AddSession(admin(), a, "one", "2050-05-01")), "OK");
  struct Case {
    const char* name;
    std::string parent, id, said;
  };
  const std::string malformed = "INVALID_ARGUMENT INVALID_REQUEST parent:MALFORMED_NAME";
  const Case cases[] = {
      {"no such parent", "courses/none", "s", "NOT_FOUND COURSE_NOT_FOUND parent:COURSE_NOT_FOUND"},
      {"another collection", "areas/312011", "s", malformed},
      {"all of them", "courses/-", "s", malformed},
      {"too deep", "courses/a/sessions/one", "s", malformed},
      {"only a collection", "courses", "s", malformed},
      {"two slashes", "courses//a", "s", malformed},
      {"none", "", "s", "INVALID_ARGUMENT INVALID_REQUEST parent:FIELD_REQUIRED"},
      {"an id that it has already", a, "one", "ALREADY_EXISTS SESSION_EXISTS"},
      {"that id under another parent", b, "one", "OK"},
      {"an id that is none", a, "Eins", "INVALID_ARGUMENT INVALID_REQUEST session_id:MALFORMED_ID"},
      {"an id with a slash", a, "x/y", "INVALID_ARGUMENT INVALID_REQUEST session_id:MALFORMED_ID"},
      {"an id of the server's making", a, "", "OK"},
  };
  int day = 1;
  for (const Case& c : cases) {
    EXPECT_THAT(Said(AddSession(admin(), c.parent, c.id, absl::StrCat("2051-01-", 10 + day++))), c.said) << c.name;
  }
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `sessions`"), 3);
}

TEST_P(ParentTest, IsFoundChangedEndedAndRememberedByItsName) {
  const auto made = AddSession(admin(), AddCourse("a"), "s", "2050-05-01", "1号室");
  ASSERT_EQ(Said(made), "OK");
  EXPECT_EQ(made->name(), "courses/a/sessions/s");
  for (const char* other : {"sessions/s", "courses/b/sessions/s", "courses/a/sessions/t", "courses/-/sessions/s"}) {
    EXPECT_NE(Said(GetSession(admin(), other)), "OK") << other;
  }
  school::UpdateSessionRequest change;
  change.mutable_session()->set_name(made->name());
  change.mutable_session()->set_room("2号室");
  change.mutable_update_mask()->add_paths("room");
  EXPECT_EQ(Said(Call<school::Session>(admin(), "SessionService/UpdateSession", change)), "OK");
  school::EndSessionRequest end;
  end.set_name(made->name());
  *end.mutable_end_date() = Day("2050-05-02");
  EXPECT_EQ(Said(Call<school::Session>(admin(), "SessionService/EndSession", end)), "OK");
  const auto read = GetSession(admin(), made->name());
  ASSERT_EQ(Said(read), "OK");
  EXPECT_EQ(read->room(), "2号室");
  EXPECT_EQ(read->valid_to_date().day(), 2);
  platform_v1::ListRevisionsRequest history;
  history.set_parent("services/registry");
  history.set_resource_name(made->name());
  const auto revisions =
      admin().Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", history);
  ASSERT_EQ(Said(revisions), "OK");
  EXPECT_EQ(revisions->revisions_size(), 3);
}

TEST_P(ParentTest, ListsThoseOfOneParentOrOfAll) {
  for (const char* course : {"a", "a-b", "a0", "b"}) {
    const std::string name = AddCourse(course);
    for (const char* id : {"x", "y", "z"}) {
      const std::string day = absl::StrCat("2050-05-0", id[0] - 'w');
      ASSERT_EQ(Said(AddSession(admin(), name, id, day, absl::StrCat(course, id))), "OK");
    }
  }
  AddCourse("none");
  const auto in = [](const char* course, const char* id) { return absl::StrCat("courses/", course, "/sessions/", id); };
  EXPECT_THAT(ListSessions(admin(), "courses/a"), ElementsAre(in("a", "x"), in("a", "y"), in("a", "z")));
  EXPECT_THAT(ListSessions(admin(), "courses/a-b"), ElementsAre(in("a-b", "x"), in("a-b", "y"), in("a-b", "z")));
  EXPECT_THAT(ListSessions(admin(), "courses/none"), IsEmpty());
  EXPECT_THAT(ListSessions(admin(), "courses/-"),
              ElementsAre(in("a-b", "x"), in("a-b", "y"), in("a-b", "z"), in("a", "x"), in("a", "y"), in("a", "z"),
                          in("a0", "x"), in("a0", "y"), in("a0", "z"), in("b", "x"), in("b", "y"), in("b", "z")));
  EXPECT_THAT(ListSessions(admin(), "courses/a", "", "room desc"),
              ElementsAre(in("a", "z"), in("a", "y"), in("a", "x")));
  EXPECT_THAT(ListSessions(admin(), "courses/a", "valid_from_date >= 2050-05-02"),
              ElementsAre(in("a", "y"), in("a", "z")));
  EXPECT_THAT(ListSessions(admin(), "courses/-", "room = \"a0y\""), ElementsAre(in("a0", "y")));
  EXPECT_THAT(ListSessions(admin(), "courses/gone"), ElementsAre("NOT_FOUND COURSE_NOT_FOUND parent:COURSE_NOT_FOUND"));
  for (const char* parent : {"courses", "courses/a/sessions/x", "areas/-", "courses/-/sessions/-"}) {
    EXPECT_THAT(ListSessions(admin(), parent), ElementsAre(HasSubstr("parent:MALFORMED_NAME"))) << parent;
  }
}

TEST_P(ParentTest, APageTokenIsOfItsParent) {
  for (const char* course : {"a", "b"}) {
    const std::string name = AddCourse(course);
    for (int i = 1; i <= 3; ++i) {
      ASSERT_EQ(Said(AddSession(admin(), name, absl::StrCat("s", i), absl::StrCat("2050-05-0", i))), "OK");
    }
  }
  school::ListSessionsRequest request;
  request.set_parent("courses/a");
  request.set_page_size(1);
  const auto page = Call<school::ListSessionsResponse>(admin(), "SessionService/ListSessions", request);
  ASSERT_EQ(Said(page), "OK");
  request.set_page_token(page->next_page_token());
  for (const char* other : {"courses/b", "courses/-"}) {
    request.set_parent(other);
    EXPECT_EQ(Said(Call<school::ListSessionsResponse>(admin(), "SessionService/ListSessions", request)),
              "INVALID_ARGUMENT INVALID_REQUEST page_token:INVALID_PAGE_TOKEN")
        << other;
  }
}

TEST_P(ParentTest, ListsWhatWasKnownOfAParent) {
  for (const char* course : {"a", "b"}) {
    const std::string name = AddCourse(course);
    for (int i = 1; i <= 3; ++i) {
      ASSERT_EQ(Said(AddSession(admin(), name, absl::StrCat("s", i), absl::StrCat("2050-05-0", i))), "OK");
    }
  }
  clock().Advance(absl::Seconds(1));
  const absl::Time then = clock().Now();
  const auto known = [&](const std::string& parent) {
    school::ListSessionsRequest request;
    request.set_parent(parent);
    request.set_page_size(2);
    *request.mutable_as_known_at() =
        google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(then));
    std::vector<std::string> names;
    do {
      const auto page = Call<school::ListSessionsResponse>(admin(), "SessionService/ListSessions", request);
      if (!page.ok()) return std::vector<std::string>{Said(page)};
      for (const school::Session& session : page->sessions()) names.push_back(session.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  };
  EXPECT_EQ(known("courses/-").size(), 6u) << "whatever still waits becomes known now";
  clock().Advance(absl::Seconds(1));
  ASSERT_EQ(Said(AddSession(admin(), "courses/a", "s4", "2050-05-04")), "OK");
  EXPECT_THAT(known("courses/a"),
              ElementsAre("courses/a/sessions/s1", "courses/a/sessions/s2", "courses/a/sessions/s3"));
  EXPECT_EQ(known("courses/-").size(), 6u);
  EXPECT_EQ(ListSessions(admin(), "courses/a").size(), 4u);
}

TEST_P(ParentTest, OneThatHasEndedTakesNothingNew) {
  struct Case {
    const char* name;
    std::string last;
    bool takes;
  };
  const Case cases[] = {{"goes-on", "", true},
                        {"last-day", "2050-04-03", true},
                        {"over", "2050-04-02", false},
                        {"later", "2051-03-31", true}};
  for (const Case& c : cases) {
    const std::string said = Said(AddSession(admin(), AddCourse(c.name, c.last), "s", "2050-05-01"));
    EXPECT_EQ(said, c.takes ? "OK" : kEnded) << c.name;
  }
  const auto told = AddSession(admin().In(Language::kEnglish), "courses/over", "s", "2050-05-01");
  EXPECT_EQ(Text(FaultOf(told.status()), Language::kEnglish),
            "courses/over has ended, on 2050-04-02: nothing new can be added to it. Choose another, or have its last "
            "day put off first.");

  ASSERT_EQ(Said(EndCourse(admin(), "courses/goes-on", "2050-04-02")), "OK");
  EXPECT_EQ(Said(AddSession(admin(), "courses/goes-on", "t", "2050-05-02")), kEnded);
  clock().Advance(absl::Hours(24));
  EXPECT_EQ(Said(AddSession(admin(), "courses/last-day", "t", "2050-05-02")), kEnded);
  // An existing record stays, can be changed, and accepts records under it.
  school::UpdateSessionRequest change;
  change.mutable_session()->set_name("courses/goes-on/sessions/s");
  change.mutable_session()->set_room("2号室");
  change.mutable_update_mask()->add_paths("room");
  EXPECT_EQ(Said(Call<school::Session>(admin(), "SessionService/UpdateSession", change)), "OK");
  AddAttendance("courses/goes-on/sessions/s", "見本 花子");
}

// `exclusive` within a parent, and across parents.
TEST_P(ParentTest, SessionsOfOneCourseDoNotOverlap) {
  const std::string a = AddCourse("a"), b = AddCourse("b");
  ASSERT_EQ(Said(AddSession(admin(), a, "s", "2050-05-01", "1号室")), "OK");
  EXPECT_THAT(Said(AddSession(admin(), a, "t", "2050-05-01", "2号室")), HasSubstr("PERIODS_OVERLAP")) << "one course";
  EXPECT_THAT(Said(AddSession(admin(), b, "t", "2050-05-01", "1号室")), HasSubstr("PERIODS_OVERLAP")) << "one room";
  EXPECT_EQ(Said(AddSession(admin(), b, "t", "2050-05-01", "2号室")), "OK");
  EXPECT_EQ(Said(AddSession(admin(), a, "t", "2050-05-02", "1号室")), "OK");
}

}  // namespace
}  // namespace tsunagu::wire
