// Watch as a stream: records that leave the caller's reach, bookmarks, and streams that break while others write.
#include <atomic>
#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/change.pb.h"

namespace tsunagu::wire {
namespace {

using platform_v1::Change;
using testing::ElementsAre;

class WatchStreamTest : public SuiteTest {
 protected:
  static platform_v1::WatchRequest From(const std::string& token) {
    platform_v1::WatchRequest request;
    request.set_parent("services/registry");
    request.add_collections("facilities");
    request.set_resume_token(token);
    return request;
  }
  // "ADDED facilities/a 1"
  static std::string Told(const Change& change) {
    return absl::StrCat(Change::Kind_Name(change.kind()).substr(5), " ", change.resource_name(),
                        change.revision() == 0 ? "" : absl::StrCat(" ", change.revision()));
  }
  static std::unique_ptr<rpc::PeerStream> Watch(const Caller& caller, const std::string& token) {
    auto stream = caller.Stream("platform.v1.ChangeService/Watch");
    EXPECT_TRUE(stream->Write(From(token)));
    stream->WritesDone();
    return stream;
  }
  // The next change, whatever bookmarks come on the way.
  static std::string NextChange(rpc::PeerStream& stream) {
    platform_v1::WatchResponse event;
    while (stream.Read(event).value_or(false)) {
      if (event.has_change()) return Told(event.change());
    }
    return absl::StrCat("ended: ", Said(stream.Finish()));
  }
  static std::string NextBookmark(rpc::PeerStream& stream) {
    platform_v1::WatchResponse event;
    if (!stream.Read(event).value_or(false)) return absl::StrCat("ended: ", Said(stream.Finish()));
    return event.has_bookmark() ? event.bookmark().resume_token() : absl::StrCat("not yet: ", Told(event.change()));
  }
  static absl::Status Update(const Caller& caller, const std::string& id, const std::string& path,
                             const std::string& value, const std::string& request_id = "") {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name(absl::StrCat("facilities/", id));
    if (path == "area") request.mutable_facility()->set_area(value);
    if (path == "note") request.mutable_facility()->set_note(value);
    request.mutable_update_mask()->add_paths(path);
    request.set_request_id(request_id);
    return caller.Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request).status();
  }
};
WIRE_TEST_ON_BOTH(WatchStreamTest);

TEST_P(WatchStreamTest, WhatLeavesTheWatchersReachIsToldAsRemoved) {
  CreateAreas();
  const Caller tottori = CallerWith("tottori", {"integrator@areas/312011"});
  const auto stream = Watch(tottori, "");
  NextBookmark(*stream);
  Create("here", AFacility("ほし", "areas/312011"));
  EXPECT_EQ(NextChange(*stream), "ADDED facilities/here 1");
  EXPECT_EQ(Said(Update(admin(), "here", "area", "areas/322016")), "OK");
  EXPECT_EQ(NextChange(*stream), "REMOVED facilities/here");
  EXPECT_EQ(Said(Update(admin(), "here", "note", "そと")), "OK");  // nobody there may see that
  EXPECT_EQ(Said(Update(admin(), "here", "area", "areas/312011")), "OK");
  EXPECT_EQ(NextChange(*stream), "ADDED facilities/here 4");
  EXPECT_EQ(Said(Update(admin(), "here", "note", "なか")), "OK");
  EXPECT_EQ(NextChange(*stream), "CHANGED facilities/here 5");
}

TEST_P(WatchStreamTest, FromEachOfManyBookmarksItGoesOnWithoutGapOrRepeat) {
  constexpr int kRounds = 4;
  std::vector<std::string> bookmarks, told;
  bookmarks.push_back(NextBookmark(*Watch(admin(), "")));
  for (int i = 0; i < kRounds; ++i) {
    const auto stream = Watch(admin(), bookmarks.back());
    EXPECT_EQ(NextBookmark(*stream), bookmarks.back());
    Create(absl::StrCat("f", i), AFacility("ほし", ""));
    told.push_back(NextChange(*stream));
    clock().Advance(absl::Seconds(11));
    SetRole(absl::StrCat("role-", i), {"areas.read"});  // of another collection
    bookmarks.push_back(NextBookmark(*stream));
  }
  EXPECT_THAT(told, ElementsAre("ADDED facilities/f0 1", "ADDED facilities/f1 1", "ADDED facilities/f2 1",
                                "ADDED facilities/f3 1"));
  for (size_t from = 0; from < bookmarks.size(); ++from) {
    SCOPED_TRACE(from);
    const std::string last = absl::StrCat("last", from);
    const auto again = Watch(admin(), bookmarks[from]);
    for (size_t i = from; i < told.size(); ++i) EXPECT_EQ(NextChange(*again), told[i]);
    for (size_t i = 0; i < from; ++i) EXPECT_EQ(NextChange(*again), absl::StrCat("ADDED facilities/last", i, " 1"));
    Create(last, AFacility("ほし", ""));
    EXPECT_EQ(NextChange(*again), absl::StrCat("ADDED facilities/", last, " 1"));
  }
}

TEST_P(WatchStreamTest, CutAndTakenUpAgainUnderConcurrentWritersEachRevisionIsToldOnceInOrder) {
  constexpr int kWriters = 3, kRecords = 3, kEach = 40, kRestarts = 4;
  constexpr size_t kAll = kRecords + kWriters * kEach;
  const std::string key = admin().options().api_key;
  server().config().listen = server().host().address();  // the same after each start
  server().Restart();
  rpc::Peer outside("suite", rpc::Connect(server().config().listen));
  const Caller caller(outside, key);
  std::string token = NextBookmark(*Watch(caller, ""));
  for (int i = 0; i < kRecords; ++i) Create(absl::StrCat("f", i), AFacility("ほし", ""));

  const Deadline patience = Deadline::After(absl::Minutes(2));
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < kEach; ++j) {
        const std::string request = absl::StrCat(i, "-", j);
        // The server is away now and then, and two of them meet on a record.
        while (!Update(caller, absl::StrCat("f", (i + j) % kRecords), "note", request, request).ok() &&
               !patience.Over()) {
          std::this_thread::yield();
        }
      }
    });
  }
  std::map<std::string, std::vector<int64_t>> told;
  std::atomic<size_t> count{0};
  threads.emplace_back([&] {
    while (count < kAll && !patience.Over()) {
      const auto stream = caller.Stream("platform.v1.ChangeService/Watch");
      (void)stream->Write(From(token));  // when the server is away, there is nothing to read
      stream->WritesDone();
      platform_v1::WatchResponse event;
      for (int i = 0; i < 9 && count < kAll && stream->Read(event).value_or(false); ++i) {
        token = event.has_change() ? event.change().resume_token() : event.bookmark().resume_token();
        if (!event.has_change()) continue;
        told[event.change().resource_name()].push_back(event.change().revision());
        ++count;
      }
    }
  });
  for (int i = 1; i <= kRestarts; ++i) {
    while (count < kAll * i / (kRestarts + 1) && !patience.Over()) std::this_thread::yield();
    server().Restart();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(told.size(), size_t{kRecords});
  for (const auto& [name, revisions] : told) {
    const auto facility = GetFacility(admin(), name);
    ASSERT_EQ(Said(facility), "OK");
    EXPECT_EQ(facility->etag(), absl::StrCat(revisions.size())) << name;
    for (size_t i = 0; i < revisions.size(); ++i) EXPECT_EQ(revisions[i], static_cast<int64_t>(i + 1)) << name;
  }
  EXPECT_EQ(count, kAll);
}

}  // namespace
}  // namespace tsunagu::wire
