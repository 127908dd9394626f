// A history shows what the record itself shows: to callers who may read it, by its place then and now.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire {
namespace {

using google::protobuf::util::TimeUtil;

constexpr char kDenied[] = "PERMISSION_DENIED PERMISSION_DENIED";
constexpr char kAbsent[] = "NOT_FOUND FACILITY_NOT_FOUND";

class HistoryTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    SetRole("historian", {"revisions.read"});
    SetRole("historian", {"revisions.read"}, "matching");
  }
  // The revisions that a caller sees, newest first.
  static std::string Revisions(const Caller& caller, const std::string& name, absl::Time known = absl::InfinitePast(),
                               const std::string& service = "registry", int page_size = 0) {
    platform_v1::ListRevisionsRequest request;
    request.set_parent("services/" + service);
    request.set_resource_name(name);
    request.set_page_size(page_size);
    if (known != absl::InfinitePast()) {
      *request.mutable_as_known_at() = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(known));
    }
    std::vector<std::string> seen;
    do {
      const auto page =
          caller.Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
      if (!page.ok()) return Said(page);
      for (const auto& revision : page->revisions()) seen.push_back(absl::StrCat(revision.revision()));
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return absl::StrJoin(seen, " ");
  }
  // Everything that was written so far is known from now on, and later changes are not.
  absl::Time Settled() {
    clock().Advance(absl::Seconds(1));
    const absl::Time then = clock().Now();
    ListKnown(admin(), then);
    clock().Advance(absl::Seconds(1));
    return then;
  }
  void Move(const std::string& id, const std::string& area) {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name("facilities/" + id);
    request.mutable_facility()->set_area(area);
    request.mutable_update_mask()->add_paths("area");
    ASSERT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request)), "OK");
  }
  static std::string AreaKnown(const Caller& caller, const std::string& name, absl::Time known) {
    registry_v1::GetFacilityRequest request;
    request.set_name(name);
    *request.mutable_as_known_at() = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(known));
    const auto facility = caller.Call<registry_v1::Facility>("registry.v1.FacilityService/GetFacility", request);
    return facility.ok() ? facility->area() : Said(facility);
  }
  static std::string ListKnown(const Caller& caller, absl::Time known) {
    registry_v1::ListFacilitiesRequest request;
    *request.mutable_as_known_at() = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(known));
    const auto page =
        caller.Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request);
    if (!page.ok()) return Said(page);
    std::string listed;
    for (const auto& facility : page->facilities())
      absl::StrAppend(&listed, facility.name(), "@", facility.area(), " ");
    return listed;
  }
};
WIRE_TEST_ON_BOTH(HistoryTest);

TEST_P(HistoryTest, NeedsTheRecordsOwnReadPermission) {
  Create("kita", AFacility("きた", "areas/312011"));
  const std::string nurse = Create(ANurse("見本 花子", "areas/312011")).name();
  const auto key = CreateKey("somebody").api_key().name();
  Grant("somebody", {AGrant("nurse", "areas/312011")});
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 1, "areas/310000")), "OK");
  const Caller historian = CallerWith("historian", {"historian@*"});
  for (const std::string& name :
       {std::string("facilities/kita"), nurse, std::string("areas/310000"), key,
        std::string("services/registry/principals/somebody"), std::string("services/registry/roles/admin")}) {
    EXPECT_EQ(Revisions(historian, name), kDenied) << name;
    EXPECT_EQ(Revisions(admin(), name), "1") << name;
  }
  EXPECT_EQ(Revisions(historian, "facilities/absent"), kDenied) << "whether or not it is there";
  EXPECT_EQ(
      Revisions(CallerWith("historian", {"historian@*"}, "matching"), "rounds/r1", absl::InfinitePast(), "matching"),
      kDenied);
  const Caller auditor = CallerWith("auditor", {"auditor@*"});
  EXPECT_EQ(Revisions(auditor, "services/registry/principals/somebody"), "1");
  EXPECT_EQ(Revisions(auditor, "facilities/kita"), kDenied) << "whom the prefecture may give facilities.read";
  // An officer's facilities.*, with revisions.read, is not access.read.
  const Caller officer = CallerWith("officer", {"prefecture-officer@*"});
  EXPECT_EQ(Revisions(officer, "facilities/kita"), "1");
  EXPECT_EQ(Revisions(officer, "services/registry/principals/somebody"), kDenied);
  EXPECT_EQ(Revisions(officer, key), kDenied);
}

TEST_P(HistoryTest, BothPermissionsHaveToReachTheRecord) {
  Create("kita", AFacility("きた", "areas/312011"));
  Create("matsue", AFacility("まつえ", "areas/322016"));
  const Caller both = CallerWith("both", {"historian@areas/320005", "centre-staff@*"});
  EXPECT_EQ(Revisions(both, "facilities/matsue"), "1");
  EXPECT_EQ(Revisions(both, "facilities/kita"), kAbsent);
}

TEST_P(HistoryTest, ShowsNothingFromBeforeItCameIntoScope) {
  Create("kita", AFacility("きた", "areas/312011"));
  const absl::Time at_home = Settled();
  Move("kita", "areas/322016");
  const absl::Time away = Settled();
  Move("kita", "areas/313025");
  const absl::Time back = Settled();
  Move("kita", "areas/320005");
  const absl::Time now = Settled();
  const Caller shimane = CallerWith("shimane", {"prefecture-officer@areas/320005"});
  const Caller tottori = CallerWith("tottori", {"prefecture-officer@areas/310000"});
  EXPECT_EQ(Revisions(shimane, "facilities/kita"), "4 2");
  EXPECT_EQ(Revisions(shimane, "facilities/kita", absl::InfinitePast(), "registry", 1), "4 2") << "page by page";
  EXPECT_EQ(Revisions(shimane, "facilities/kita", back), "2");
  EXPECT_EQ(Revisions(tottori, "facilities/kita"), kAbsent);
  EXPECT_EQ(Revisions(admin(), "facilities/kita"), "4 3 2 1");

  EXPECT_EQ(AreaKnown(shimane, "facilities/kita", now), "areas/320005");
  EXPECT_EQ(AreaKnown(shimane, "facilities/kita", back), kAbsent);
  EXPECT_EQ(AreaKnown(shimane, "facilities/kita", away), "areas/322016");
  EXPECT_EQ(AreaKnown(shimane, "facilities/kita", at_home), kAbsent);
  EXPECT_EQ(AreaKnown(tottori, "facilities/kita", at_home), kAbsent) << "it has left";
  EXPECT_EQ(ListKnown(shimane, at_home), "");
  EXPECT_EQ(ListKnown(shimane, away), "facilities/kita@areas/322016 ");
  EXPECT_EQ(ListKnown(shimane, back), "");
  EXPECT_EQ(ListKnown(tottori, at_home), "");
  EXPECT_EQ(ListKnown(admin(), at_home), "facilities/kita@areas/312011 ");
}

}  // namespace
}  // namespace tsunagu::wire
