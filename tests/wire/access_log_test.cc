// Reading the access log: whose records a caller saw, and which callers saw a record.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/access_log.pb.h"
#include "tsunagu/platform/v1/revision.pb.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::wire {
namespace {

using google::protobuf::util::TimeUtil;

class AccessLogTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    hanako_ = Create(ANurse("髙橋 花子", "areas/312011")).name();
    jiro_ = Create(ANurse("見本 次郎", "areas/312011")).name();
    for (const char* table : {"access_log", "access_log_names"}) {
      Execute(registry(), absl::StrCat("DELETE FROM `", table, "`"));
    }
  }
  Caller Officer(const std::string& id) { return CallerWith(id, {"matching-operator@*"}); }
  platform_v1::ListAccessEventsRequest Question(const std::string& viewer, const std::string& name) {
    platform_v1::ListAccessEventsRequest request;
    request.set_parent("services/registry");
    request.set_viewer(viewer);
    request.set_resource_name(name);
    return request;
  }
  static absl::StatusOr<platform_v1::ListAccessEventsResponse> Ask(
      const Caller& caller, const platform_v1::ListAccessEventsRequest& request) {
    return caller.Call<platform_v1::ListAccessEventsResponse>("platform.v1.AccessLogService/ListAccessEvents", request);
  }
  // Each event in one line, the nurses by one letter.
  std::vector<std::string> Events(const platform_v1::ListAccessEventsRequest& request) {
    const auto page = Ask(admin(), request);
    if (!page.ok()) return {Said(page)};
    std::vector<std::string> lines;
    for (const auto& event : page->access_events()) {
      std::set<std::string> seen;
      for (const std::string& name : event.resource_names()) {
        seen.insert(name == hanako_ ? "H" : name == jiro_ ? "J" : name);
      }
      const std::string& method = event.method();
      lines.push_back(absl::StrCat(event.actor(), " ", event.purpose(), " ", method.substr(method.rfind('/') + 1), " ",
                                   absl::StrJoin(seen, "")));
    }
    return lines;
  }
  google::protobuf::Timestamp Now() { return TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(clock().Now())); }
  std::string hanako_, jiro_;
};
WIRE_TEST_ON_BOTH(AccessLogTest);

TEST_P(AccessLogTest, AnswersBothQuestions) {
  const Caller one = Officer("officer-1"), two = Officer("officer-2");
  ASSERT_EQ(Said(GetNurse(one.For("care"), hanako_)), "OK");
  clock().Advance(absl::Minutes(1));
  const auto middle = Now();
  ASSERT_EQ(Said(GetNurse(two.For("care"), jiro_)), "OK");
  ASSERT_EQ(Said(GetNurse(two, hanako_)), "OK") << "masked, not logged";
  clock().Advance(absl::Minutes(1));
  ASSERT_EQ(Said(one.For("round").Call<registry_v1::ListNursesResponse>("registry.v1.NurseService/ListNurses",
                                                                        registry_v1::ListNursesRequest())),
            "OK");
  EXPECT_THAT(Events(Question("officer-1", "")),
              testing::ElementsAre("officer-1 care GetNurse H", "officer-1 round ListNurses HJ"));
  EXPECT_THAT(Events(Question("", hanako_)),
              testing::ElementsAre("officer-1 care GetNurse H", "officer-1 round ListNurses HJ"));
  EXPECT_THAT(Events(Question("", jiro_)),
              testing::ElementsAre("officer-2 care GetNurse J", "officer-1 round ListNurses HJ"));
  EXPECT_THAT(Events(Question("officer-2", hanako_)), testing::IsEmpty());
  auto later = Question("officer-1", "");
  *later.mutable_start_time() = middle;
  EXPECT_THAT(Events(later), testing::ElementsAre("officer-1 round ListNurses HJ"));
  auto earlier = Question("", hanako_);
  *earlier.mutable_end_time() = middle;
  EXPECT_THAT(Events(earlier), testing::ElementsAre("officer-1 care GetNurse H"));
}

TEST_P(AccessLogTest, EveryUnmaskedWayOutIsInIt) {
  const Caller one = Officer("officer-1");
  const Caller revisor = CallerWith("revisor-2", {"matching-operator@*", "auditor@*"});
  ASSERT_EQ(Said(GetNurse(one.For("a"), hanako_)), "OK");
  clock().Advance(absl::Seconds(1));
  registry_v1::SearchNursesRequest search;
  search.set_display_name("髙橋花子");
  ASSERT_EQ(Said(one.For("b").Call<registry_v1::SearchNursesResponse>("registry.v1.NurseService/SearchNurses", search)),
            "OK");
  clock().Advance(absl::Seconds(1));
  platform_v1::ListRevisionsRequest revisions;
  revisions.set_parent("services/registry");
  revisions.set_resource_name(hanako_);
  ASSERT_EQ(Said(revisor.For("c").Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions",
                                                                           revisions)),
            "OK");
  clock().Advance(absl::Seconds(1));
  platform_v1::ExportRowsRequest export_rows;
  export_rows.set_parent("services/registry");
  export_rows.set_collection("nurses");
  const auto stream = one.For("d").Stream("platform.v1.TransferService/ExportRows");
  stream->Write(export_rows);
  stream->WritesDone();
  platform_v1::ExportRowsResponse piece;
  while (*stream->Read(piece)) {
  }
  ASSERT_TRUE(stream->Finish().ok());
  clock().Advance(absl::Seconds(1));
  registry_v1::UpdateNurseRequest update;
  update.mutable_nurse()->set_name(hanako_);
  update.mutable_nurse()->set_phone("000-0000");
  update.mutable_update_mask()->add_paths("phone");
  ASSERT_EQ(Said(one.For("e").Call<registry_v1::Nurse>("registry.v1.NurseService/UpdateNurse", update)), "OK");
  EXPECT_THAT(
      Events(Question("", hanako_)),
      testing::ElementsAre("officer-1 a GetNurse H", "officer-1 b SearchNurses H", "revisor-2 c ListRevisions H",
                           "officer-1 d ExportRows HJ", "officer-1 e UpdateNurse H"));
}

TEST_P(AccessLogTest, IsPagedWithoutGapOrRepeat) {
  const Caller one = Officer("officer-1");
  for (int i = 0; i < 7; ++i) {
    ASSERT_EQ(Said(GetNurse(one.For(absl::StrCat("p", i)), hanako_)), "OK");
    clock().Advance(absl::Milliseconds(i % 2));  // some in the same microsecond
  }
  for (auto request : {Question("officer-1", ""), Question("", hanako_), Question("officer-1", hanako_)}) {
    request.set_page_size(3);
    std::multiset<std::string> purposes;
    int pages = 0;
    do {
      const auto page = Ask(admin(), request);
      ASSERT_EQ(Said(page), "OK");
      EXPECT_LE(page->access_events_size(), 3);
      for (const auto& event : page->access_events()) purposes.insert(event.purpose());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty() && ++pages < 10);
    EXPECT_THAT(purposes, testing::UnorderedElementsAre("p0", "p1", "p2", "p3", "p4", "p5", "p6"));
  }
}

TEST_P(AccessLogTest, IsForAuditorsOfEverything) {
  const auto request = Question("", hanako_);
  EXPECT_EQ(Said(Ask(CallerWith("auditor-1", {"auditor@*"}), request)), "OK");
  EXPECT_EQ(Said(Ask(Officer("officer-1"), request)), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(Ask(CallerWith("auditor-2", {"auditor@areas/312011"}), request)), "PERMISSION_DENIED OUT_OF_SCOPE");
  EXPECT_EQ(Said(Ask(admin(), Question("", ""))), "INVALID_ARGUMENT INVALID_REQUEST viewer:FIELD_REQUIRED");
  EXPECT_EQ(Said(Ask(admin(), Question("", "花子"))), "INVALID_ARGUMENT INVALID_REQUEST resource_name:MALFORMED_NAME");
  EXPECT_EQ(Said(Ask(admin(), Question("花子", ""))), "INVALID_ARGUMENT INVALID_REQUEST viewer:MALFORMED_ID");
}

TEST_P(AccessLogTest, SeesThroughAServiceThatActedForSomebody) {
  const Caller service = CallerWith("gateway", {"service@*"});
  Officer("officer-1");
  ASSERT_EQ(Said(GetNurse(service.OnBehalfOf("officer-1").For("care"), hanako_)), "OK");
  EXPECT_THAT(Events(Question("officer-1", "")), testing::SizeIs(1));
  EXPECT_THAT(Events(Question("gateway", "")), testing::SizeIs(1));
  EXPECT_THAT(Events(Question("officer-1", hanako_)), testing::SizeIs(1));
}

TEST_P(AccessLogTest, ALargePageIsFoundByEachOfItsNames) {
  std::vector<std::string> names;
  for (int i = 0; i < 230; ++i) names.push_back(absl::StrCat("nurses/n", i));
  store::Store& store = server().host().Find("registry")->store();
  const identity::Actor actor{"officer-9", "", "leak", "List", "", identity::Scope::Everything()};
  ASSERT_TRUE(store.LogAccess(actor, Deadline::After(absl::Minutes(1)), names).ok());
  for (const char* name : {"nurses/n0", "nurses/n99", "nurses/n100", "nurses/n229"}) {
    EXPECT_THAT(Events(Question("", name)), testing::SizeIs(1)) << name;
  }
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `access_log_names`"), 230);
}

}  // namespace
}  // namespace tsunagu::wire
