// The journal: a row for each change, read as revisions.
#include "common/contract/schema.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire {
namespace {

using google::protobuf::util::MessageDifferencer;
using google::protobuf::util::TimeUtil;

class JournalTest : public SuiteTest {
 protected:
  static absl::StatusOr<platform_v1::ListRevisionsResponse> List(const Caller& caller, const std::string& name,
                                                                 int size = 0, const std::string& token = "") {
    platform_v1::ListRevisionsRequest request;
    request.set_parent("services/registry");
    request.set_resource_name(name);
    request.set_page_size(size);
    request.set_page_token(token);
    return caller.Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
  }
  std::string SetNote(const Caller& caller, const std::string& note, const std::string& request_id = "") {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name("facilities/kita");
    request.mutable_facility()->set_note(note);
    request.mutable_update_mask()->add_paths("note");
    request.set_request_id(request_id);
    return Said(caller.Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request));
  }
  int64_t Rows() { return Count(registry(), "SELECT COUNT(*) FROM `journal` WHERE `name` = 'facilities/kita'"); }
};
WIRE_TEST_ON_BOTH(JournalTest);

TEST_P(JournalTest, ARowIsWrittenWithEachChangeAndSaysWhoAndHow) {
  Create("kita", AFacility("きた", ""));
  const Caller officer = CallerWith("officer", {"prefecture-officer@*"});
  clock().Advance(absl::Seconds(7));
  ASSERT_EQ(SetNote(officer.For("correction"), "いち", "r-77"), "OK");
  const auto listed = List(admin(), "facilities/kita");
  ASSERT_EQ(Said(listed), "OK");
  ASSERT_EQ(listed->revisions_size(), 2);
  const auto& newest = listed->revisions(0);
  EXPECT_EQ(newest.resource_name(), "facilities/kita");
  EXPECT_EQ(newest.revision(), 2);
  EXPECT_EQ(newest.actor(), "officer");
  EXPECT_EQ(newest.on_behalf_of(), "");
  EXPECT_EQ(newest.method(), "tsunagu.registry.v1.FacilityService/UpdateFacility");
  EXPECT_EQ(newest.request_id(), "r-77");
  EXPECT_FALSE(newest.deleted());
  EXPECT_EQ(newest.change_time().seconds() - listed->revisions(1).change_time().seconds(), 7);
  registry_v1::Facility image;
  ASSERT_TRUE(newest.image().UnpackTo(&image));
  EXPECT_TRUE(MessageDifferencer::Equals(image, *GetFacility(admin(), "facilities/kita")));
  EXPECT_EQ(listed->revisions(1).actor(), "admin");
  EXPECT_EQ(Column(registry(), "SELECT `purpose` FROM `journal` WHERE `request_id` = 'r-77'"),
            std::vector<std::string>{"correction"});
}

TEST_P(JournalTest, WhatChangedNothingOrWasRefusedWritesNoRow) {
  Create("kita", AFacility("きた", ""));
  EXPECT_EQ(SetNote(admin(), ""), "OK");
  EXPECT_NE(SetNote(admin(), std::string(2001, 'x')), "OK");
  EXPECT_EQ(Rows(), 1);
  EXPECT_EQ(SetNote(admin(), "いち"), "OK");
  EXPECT_EQ(Rows(), 2);
}

TEST_P(JournalTest, RevisionsArePagedNewestFirst) {
  Create("kita", AFacility("きた", ""));
  for (int i = 2; i <= 25; ++i) ASSERT_EQ(SetNote(admin(), std::to_string(i)), "OK");
  std::vector<int64_t> revisions;
  std::string token;
  do {
    const auto page = List(admin(), "facilities/kita", 10, token);
    ASSERT_EQ(Said(page), "OK");
    for (const auto& revision : page->revisions()) revisions.push_back(revision.revision());
    token = page->next_page_token();
    if (revisions.size() == 10) SetNote(admin(), "more");  // does not disturb the pages that follow
  } while (!token.empty());
  ASSERT_EQ(revisions.size(), 25);
  for (int i = 0; i < 25; ++i) EXPECT_EQ(revisions[i], 25 - i);
  const std::string of_kita = List(admin(), "facilities/kita", 10)->next_page_token();
  Create("minami", AFacility("みなみ", ""));
  EXPECT_EQ(Said(List(admin(), "facilities/minami", 10, of_kita)),
            "INVALID_ARGUMENT INVALID_REQUEST page_token:INVALID_PAGE_TOKEN");
}

TEST_P(JournalTest, RevisionsKeepToTheScopeAndTheirNames) {
  CreateAreas();
  Create("kita", AFacility("きた", "areas/312011"));
  const Caller elsewhere = CallerWith("elsewhere", {"prefecture-officer@areas/320005"});
  EXPECT_EQ(Said(List(elsewhere, "facilities/kita")), "NOT_FOUND FACILITY_NOT_FOUND");
  EXPECT_EQ(Said(List(admin(), "facilities/absent")), "NOT_FOUND FACILITY_NOT_FOUND");
  EXPECT_EQ(Said(List(admin(), "rounds/r1")), "INVALID_ARGUMENT INVALID_REQUEST resource_name:MALFORMED_NAME");
  EXPECT_EQ(Said(List(CallerWith("centre", {"centre-staff@*"}), "facilities/kita")),
            "PERMISSION_DENIED PERMISSION_DENIED");
}

TEST_P(JournalTest, StampsNeverGoBackEvenWhereTheClockStandsStill) {
  Create("kita", AFacility("きた", ""));
  for (int i = 0; i < 5; ++i) ASSERT_EQ(SetNote(admin(), std::to_string(i)), "OK");
  const auto listed = List(admin(), "facilities/kita");
  for (int i = 1; i < listed->revisions_size(); ++i) {
    EXPECT_GT(TimeUtil::TimestampToMicroseconds(listed->revisions(i - 1).change_time()),
              TimeUtil::TimestampToMicroseconds(listed->revisions(i).change_time()));
  }
}

TEST_P(JournalTest, TheRowHoldsWhatTheDesignAsks) {
  CreateAreas();
  Create("kita", AFacility("きた", "areas/312011"));
  registry_v1::UpdateFacilityRequest request;
  request.mutable_facility()->set_name("facilities/kita");
  request.mutable_facility()->set_area("areas/322016");
  request.mutable_update_mask()->add_paths("area");
  ASSERT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request)), "OK");
  EXPECT_EQ(
      Column(registry(), "SELECT `keys_before` FROM `journal` WHERE `name` = 'facilities/kita' AND `revision` = 2"),
      std::vector<std::string>{"areas/31 areas/312011 facilities/kita"});
  EXPECT_EQ(
      Column(registry(), "SELECT `keys_after` FROM `journal` WHERE `name` = 'facilities/kita' AND `revision` = 2"),
      std::vector<std::string>{"areas/32 areas/322016 facilities/kita"});
  EXPECT_EQ(Count(registry(), "SELECT `contract` FROM `journal` WHERE `name` = 'facilities/kita' AND `revision` = 2"),
            contract::Schema::Of(registry_v1::Facility::descriptor()).contract());
  // Everything has its place, or waits for it.
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal`"),
            Count(registry(),
                  "SELECT COUNT(*) FROM `journal` j WHERE EXISTS (SELECT 1 FROM `journal_pending` p WHERE "
                  "p.`id` = j.`id`) OR EXISTS (SELECT 1 FROM `journal_seal` s WHERE s.`id` = j.`id`)"));
  for (const char* table : {"journal", "journal_pending", "journal_seal", "requests", "access_log", "secrets"}) {
    EXPECT_FALSE(registry().Columns(table)->empty()) << table;
    EXPECT_FALSE(matching().Columns(table)->empty()) << table;
  }
  EXPECT_EQ(*registry().Columns("journal_seal"), (std::vector<std::string>{"place", "id", "known_time", "hash"}));
}

}  // namespace
}  // namespace tsunagu::wire
