// A record that somebody has changed in the database is not shown as if nothing had happened.
#include "common/keys/key_store.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

class ForgedRowsTest : public SuiteTest {
 protected:
  std::string Get(const std::string& name) {
    registry_v1::GetFacilityRequest request;
    request.set_name(name);
    return Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/GetFacility", request));
  }
  std::string List(const std::string& filter) {
    registry_v1::ListFacilitiesRequest request;
    request.set_filter(filter);
    return Said(admin().Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request));
  }
  std::string SetNote(const std::string& name) {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name(name);
    request.mutable_facility()->set_note("あとで");
    request.mutable_update_mask()->add_paths("note");
    return Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request));
  }
};
WIRE_TEST_ON_BOTH(ForgedRowsTest);

TEST_P(ForgedRowsTest, IsRefusedAtEveryRead) {
  CreateAreas();
  Create("kita", AFacility("きた", "areas/312011"));
  Create("minami", AFacility("みなみ", "areas/312011"));
  server().Spoil();
  struct Case {
    const char* name;
    const char* sql;
    const char* back;
  };
  const Case cases[] = {
      {"a field", "UPDATE `facilities` SET `display_name` = 'x' WHERE `id` = 'kita'",
       "UPDATE `facilities` SET `display_name` = 'きた' WHERE `id` = 'kita'"},
      {"who has made it", "UPDATE `facilities` SET `create_time` = `create_time` + 1 WHERE `id` = 'kita'",
       "UPDATE `facilities` SET `create_time` = `create_time` - 1 WHERE `id` = 'kita'"},
      {"its contract", "UPDATE `facilities` SET `contract` = `contract` + 1000 WHERE `id` = 'kita'",
       "UPDATE `facilities` SET `contract` = `contract` - 1000 WHERE `id` = 'kita'"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Execute(registry(), c.sql);
    EXPECT_EQ(Get("facilities/kita"), "DATA_LOSS ROW_FORGED");
    EXPECT_EQ(List(""), "DATA_LOSS ROW_FORGED");
    EXPECT_EQ(SetNote("facilities/kita"), "DATA_LOSS ROW_FORGED") << "it does not become the truth by that";
    EXPECT_EQ(Get("facilities/minami"), "OK");
    Execute(registry(), c.back);
    EXPECT_EQ(Get("facilities/kita"), "OK");
  }
  Execute(registry(), "UPDATE `facilities` SET `mac` = (SELECT m.`mac` FROM (SELECT `mac` FROM `facilities` WHERE `id` "
                      "= 'minami') m) WHERE `id` = 'kita'");
  EXPECT_EQ(Get("facilities/kita"), "DATA_LOSS ROW_FORGED");
}

// A database from before records were signed, and one whose rows somebody has written meanwhile.
TEST_P(ForgedRowsTest, OldRowsAreSignedOnce) {
  Create("kita", AFacility("きた", ""));
  server().Spoil();
  Execute(registry(), "UPDATE `facilities` SET `mac` = NULL");
  server().Restart();
  EXPECT_EQ(Get("facilities/kita"), "DATA_LOSS ROW_FORGED");
  Execute(server().host().Find("registry")->store().keyring().store().database(),
          "DELETE FROM `marks` WHERE `name` = 'records are signed'");
  server().Restart();
  EXPECT_EQ(Get("facilities/kita"), "OK");
}

}  // namespace
}  // namespace tsunagu::wire
