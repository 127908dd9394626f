// A caller can put a record only into the caller's own places, and remove it only from those.
#include "absl/strings/str_cat.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

constexpr char kOutside[] = "PERMISSION_DENIED OUT_OF_SCOPE";

class OwnPlacesTest : public SuiteTest {
 protected:
  static std::string OpeningSays(const Caller& caller, const std::string& id, const std::string& area) {
    matching_v1::CreateOpeningRequest request;
    request.set_opening_id(id);
    request.mutable_opening()->set_facility("facilities/f1");
    request.mutable_opening()->set_area(area);
    request.mutable_opening()->set_posts(1);
    request.mutable_opening()->set_weekly_minutes(600);
    return Said(caller.Call<matching_v1::Opening>("matching.v1.OpeningService/CreateOpening", request));
  }
  static std::string FacilitySays(const Caller& caller, const std::string& field, const std::string& value) {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name("facilities/f1");
    if (field == "area") request.mutable_facility()->set_area(value);
    if (field == "note") request.mutable_facility()->set_note(value);
    request.mutable_update_mask()->add_paths(field);
    return Said(caller.Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request));
  }
};
WIRE_TEST_ON_BOTH(OwnPlacesTest);

TEST_P(OwnPlacesTest, AnOpeningLandsInNobodyElsesPlace) {
  CreateAreas();
  Create("f1", AFacility("とっとり", "areas/312011"));
  const Caller manager = CallerWith("manager", {"facility-manager@facilities/f1"}, "matching");
  for (const char* id : {"manager", "both"}) Grant(id, {AGrant("facility-manager", "facilities/f1")});
  EXPECT_EQ(OpeningSays(manager, "one", ""), "OK");
  matching_v1::GetOpeningRequest get;
  get.set_name("openings/one");
  EXPECT_EQ(manager.Call<matching_v1::Opening>("matching.v1.OpeningService/GetOpening", get)->area(), "areas/312011")
      << "where its facility stands, which it need not have the say of";
  const Caller files = CallerWith("files", {"integrator@facilities/f1"}, "matching");
  Grant("files", {AGrant("facility-manager", "facilities/f1")});
  EXPECT_EQ(ImportCsv(files, "openings", "opening_id,facility,area,posts,weekly_minutes\nfile,facilities/f1,,1,600\n")
                .summary,
            "1 rows: 1 created");
  EXPECT_EQ(OpeningSays(manager, "two", "areas/312011"), kOutside);
  const Caller both =
      CallerWith("both", {"facility-manager@facilities/f1", "facility-manager@areas/312011"}, "matching");
  EXPECT_EQ(OpeningSays(both, "three", "areas/312011"), "OK");
  EXPECT_EQ(OpeningSays(both, "four", "areas/310000"), kOutside);
}

TEST_P(OwnPlacesTest, AFacilityDoesNotLeaveItsPlaceByItself) {
  CreateAreas();
  Create("f1", AFacility("とっとり", "areas/312011"));
  const Caller manager = CallerWith("manager", {"facility-manager@facilities/f1"});
  EXPECT_EQ(FacilitySays(manager, "note", "あたらしい"), "OK");
  EXPECT_EQ(FacilitySays(manager, "area", "areas/322016"), kOutside);
  EXPECT_EQ(FacilitySays(manager, "area", ""), kOutside);
  const Caller shimane = CallerWith("shimane", {"facility-manager@facilities/f1", "prefecture-officer@areas/320005"});
  EXPECT_EQ(FacilitySays(shimane, "area", "areas/322016"), kOutside) << "it is not theirs to take";
  const Caller officer = CallerWith("officer", {"prefecture-officer@areas/310000"});
  EXPECT_EQ(FacilitySays(officer, "area", "areas/313025"), "OK");
  EXPECT_EQ(FacilitySays(officer, "area", "areas/322016"), kOutside);
  EXPECT_EQ(FacilitySays(admin(), "area", "areas/322016"), "OK");
}

}  // namespace
}  // namespace tsunagu::wire
