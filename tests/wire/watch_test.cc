// The change feed: nothing missing, nothing twice, nothing that the caller may not see, across restarts.
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/change.pb.h"

namespace tsunagu::wire {
namespace {

using platform_v1::Change;
using testing::ElementsAre;
using testing::IsEmpty;

class WatchTest : public SuiteTest {
 protected:
  static platform_v1::WatchRequest From(const std::string& token, std::vector<std::string> collections = {}) {
    platform_v1::WatchRequest request;
    request.set_parent("services/registry");
    request.set_resume_token(token);
    for (std::string& collection : collections) request.add_collections(std::move(collection));
    return request;
  }
  static absl::StatusOr<platform_v1::ReadChangesResponse> List(const Caller& caller, const std::string& token,
                                                               bool from_beginning = false,
                                                               const std::string& collection = "", int size = 0) {
    platform_v1::ReadChangesRequest request;
    request.set_parent("services/registry");
    request.set_resume_token(token);
    request.set_from_beginning(from_beginning);
    request.set_page_size(size);
    if (!collection.empty()) request.add_collections(collection);
    return caller.Call<platform_v1::ReadChangesResponse>("platform.v1.ChangeService/ReadChanges", request);
  }
  // "ADDED facilities/a 1"
  static std::string Told(const Change& change) {
    std::string kind = Change::Kind_Name(change.kind()).substr(5);
    return absl::StrCat(kind, " ", change.resource_name(),
                        change.revision() == 0 ? "" : absl::StrCat(" ", change.revision()));
  }
  // What a list of changes says, and the token behind it.
  static std::vector<std::string> All(const Caller& caller, std::string& token, const std::string& collection = "",
                                      int size = 0) {
    std::vector<std::string> told;
    for (bool more = true; more;) {
      const auto page = List(caller, token, token.empty(), collection, size);
      EXPECT_EQ(Said(page), "OK");
      if (!page.ok()) return told;
      for (const Change& change : page->changes()) told.push_back(Told(change));
      token = page->resume_token();
      more = page->more();
    }
    return told;
  }
  std::string Move(const std::string& id, const std::string& area) {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name(absl::StrCat("facilities/", id));
    request.mutable_facility()->set_area(area);
    request.mutable_update_mask()->add_paths("area");
    return Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request));
  }
};
WIRE_TEST_ON_BOTH(WatchTest);

TEST_P(WatchTest, AStreamTellsEachChangeOnceInOrderAndGoesOnAfterARestart) {
  std::string token;
  std::vector<std::string> told;
  auto watch = [&](size_t until) {
    const auto stream = admin().Stream("platform.v1.ChangeService/Watch");
    ASSERT_TRUE(stream->Write(From(token, {"facilities"})));
    stream->WritesDone();
    platform_v1::WatchResponse event;
    do {
      const auto read = stream->Read(event);
      ASSERT_TRUE(read.ok() && *read) << read.status() << " " << stream->Finish();
      if (event.has_change()) told.push_back(Told(event.change()));
      token = event.has_change() ? event.change().resume_token() : event.bookmark().resume_token();
    } while (told.size() < until);
    stream->Cancel();
  };
  watch(0);  // the first message says where it begins
  Create("a", AFacility("ほし", ""));
  clock().Advance(absl::Seconds(1));
  Create("b", AFacility("ほし", ""));
  watch(1);
  server().Restart();
  Create("c", AFacility("ほし", ""));
  watch(3);
  EXPECT_THAT(told, ElementsAre("ADDED facilities/a 1", "ADDED facilities/b 1", "ADDED facilities/c 1"));
}

TEST_P(WatchTest, AWaitingStreamIsWokenByAChange) {
  const auto stream = admin().Stream("platform.v1.ChangeService/Watch");
  ASSERT_TRUE(stream->Write(From("")));
  stream->WritesDone();
  platform_v1::WatchResponse event;
  ASSERT_TRUE(stream->Read(event).value_or(false));
  EXPECT_TRUE(event.has_bookmark());
  Create("a", AFacility("ほし", ""));
  do {
    ASSERT_TRUE(stream->Read(event).value_or(false));
  } while (event.has_bookmark());
  EXPECT_EQ(Told(event.change()), "ADDED facilities/a 1");
  registry_v1::Facility image;
  ASSERT_TRUE(event.change().image().UnpackTo(&image));
  EXPECT_EQ(image.display_name(), "ほし");
}

TEST_P(WatchTest, WithConcurrentWritersNothingIsLeftOutOrToldTwice) {
  std::string token = List(admin(), "", false, "facilities")->resume_token();
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&, i] {
      for (int j = 0; j < 25; ++j) Create(absl::StrCat("f", i, "-", j), AFacility("ほし", ""));
    });
  }
  std::vector<std::string> told;
  while (told.size() < 100 && !HasFailure()) {
    const std::vector<std::string> more = All(admin(), token, "facilities", 7);
    told.insert(told.end(), more.begin(), more.end());
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_THAT(All(admin(), token, "facilities"), IsEmpty());
  EXPECT_EQ(std::set<std::string>(told.begin(), told.end()).size(), 100u);
  EXPECT_EQ(told.size(), 100u);
}

TEST_P(WatchTest, WhatLeavesTheCallersReachIsRemovedAndTheRestIsNotThere) {
  CreateAreas();
  const Caller tottori = CallerWith("tottori", {"integrator@areas/312011"});
  std::string token = List(tottori, "")->resume_token();
  Create("here", AFacility("ほし", "areas/312011"));
  clock().Advance(absl::Seconds(1));
  Create("there", AFacility("ほし", "areas/322016"));
  clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Move("here", "areas/322016"), "OK");
  clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Move("there", "areas/312011"), "OK");
  clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Move("here", "areas/312011"), "OK");
  EXPECT_THAT(All(tottori, token, ""), ElementsAre("ADDED facilities/here 1", "REMOVED facilities/here",
                                                   "ADDED facilities/there 2", "ADDED facilities/here 3"));
}

TEST_P(WatchTest, PersonalDataIsMaskedAndWhatIsShownIsLogged) {
  CreateAreas();
  const registry_v1::Nurse nurse = Create(ANurse("試作 花子", "areas/312011"));
  registry_v1::Nurse image;
  const int64_t logged = Count(registry(), "SELECT COUNT(*) FROM `access_log`");  // she herself was shown to her maker
  const auto masked = List(admin(), "", true, "nurses");
  ASSERT_EQ(Said(masked), "OK");
  ASSERT_EQ(masked->changes_size(), 1);
  ASSERT_TRUE(masked->changes(0).image().UnpackTo(&image));
  EXPECT_EQ(image.display_name(), "");
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `access_log`"), logged);
  const auto shown = List(admin().For("copy"), "", true, "nurses");
  ASSERT_EQ(Said(shown), "OK");
  ASSERT_TRUE(shown->changes(0).image().UnpackTo(&image));
  EXPECT_EQ(image.display_name(), "試作 花子");
  EXPECT_EQ(Column(registry(), "SELECT `names` FROM `access_log` WHERE `purpose` = 'copy'"),
            std::vector<std::string>{nurse.name()});
}

TEST_P(WatchTest, ATokenThatCannotBeGoneOnWithSaysWhy) {
  CreateAreas();
  const std::string token = List(admin(), "", true)->resume_token();
  EXPECT_EQ(Said(List(admin(), token)), "OK");
  EXPECT_EQ(Said(List(admin(), token.substr(1))), "INVALID_ARGUMENT INVALID_REQUEST resume_token:INVALID_RESUME_TOKEN");
  EXPECT_EQ(Said(List(admin(), token, false, "areas")), "FAILED_PRECONDITION RESUME_SCOPE_CHANGED");
  const Caller other = CallerWith("other", {"integrator@areas/312011"});
  EXPECT_EQ(Said(List(other, token)), "FAILED_PRECONDITION RESUME_SCOPE_CHANGED");

  platform_v1::ReadChangesRequest request;
  request.set_parent("services/matching");
  request.set_resume_token(token);
  EXPECT_EQ(Said(admin().Call<platform_v1::ReadChangesResponse>("platform.v1.ChangeService/ReadChanges", request)),
            "INVALID_ARGUMENT INVALID_REQUEST resume_token:RESUME_TOKEN_OF_ANOTHER_SERVICE");

  server().Spoil();
  Execute(registry(), "UPDATE `journal_head` SET `kept_from` = `place` + 2");
  EXPECT_EQ(Said(List(admin(), token)), "FAILED_PRECONDITION RESUME_TOKEN_TOO_OLD");
  Execute(registry(), "UPDATE `journal_head` SET `kept_from` = 1");
  // A database restored to another past.
  Execute(registry(), "UPDATE `journal_seal` SET `hash` = 'another history'");
  EXPECT_EQ(Said(List(admin(), token)), "FAILED_PRECONDITION RESUME_TOKEN_OF_ANOTHER_HISTORY");
}

TEST_P(WatchTest, RightsAreLookedAtWhileTheStreamRuns) {
  CreateAreas();
  const Caller officer = CallerWith("officer", {"integrator@areas/312011"});
  const auto stream = officer.Stream("platform.v1.ChangeService/Watch");
  ASSERT_TRUE(stream->Write(From("")));
  stream->WritesDone();
  platform_v1::WatchResponse event;
  ASSERT_TRUE(stream->Read(event).value_or(false));
  Grant("officer", {AGrant("integrator", "areas/322016")});
  Create("a", AFacility("ほし", "areas/322016"));  // wakes the stream
  // What became known before may still come.
  while (stream->Read(event).value_or(false)) EXPECT_NE(event.change().resource_name(), "facilities/a");
  EXPECT_EQ(Said(stream->Finish()), "FAILED_PRECONDITION RESUME_SCOPE_CHANGED");
}

TEST_P(WatchTest, OnlyCollectionsThatExistAndMayBeRead) {
  EXPECT_EQ(Said(List(admin(), "", false, "children")),
            "INVALID_ARGUMENT INVALID_REQUEST collections:UNKNOWN_COLLECTION");
  SetRole("feed-reader", {"changes.read", "areas.read"});
  const Caller reader = CallerWith("reader", {"feed-reader@*"});
  EXPECT_EQ(Said(List(reader, "", false, "nurses")), "PERMISSION_DENIED PERMISSION_DENIED");
  Create("a", AFacility("ほし", ""));
  std::string token;
  EXPECT_THAT(All(reader, token), IsEmpty());
  const Caller nobody = CallerWith("nobody", {"municipality-officer@*"});
  EXPECT_EQ(Said(List(nobody, "")), "PERMISSION_DENIED PERMISSION_DENIED");
}

}  // namespace
}  // namespace tsunagu::wire
