// A record that somebody has changed in the database is not returned as if it were genuine.
#include "absl/strings/str_replace.h"
#include "common/contract/own_id.h"
#include "common/host/journals.h"
#include "common/journal/sealer.h"
#include "common/keys/key_store.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/records/verify_tables.h"
#include "common/service/service.h"
#include "google/protobuf/empty.pb.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/erasure.pb.h"
#include "tsunagu/registry/v1/placement_report.pb.h"

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
    return Said(
        admin().Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request));
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
  Execute(registry(),
          "UPDATE `facilities` SET `mac` = (SELECT m.`mac` FROM (SELECT `mac` FROM `facilities` WHERE `id` "
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

// Rows beside a record have no MAC. They may hide the record, but must not show it to a caller who may not see it, or
// under a value that it does not have.
TEST_P(ForgedRowsTest, WhatStandsBesideARecordShowsItToNobodyElse) {
  CreateAreas();
  registry_v1::Facility kita = AFacility("きた", "areas/312011");
  kita.add_identifiers("office/3210000016/63");
  Create("kita", kita);
  Create("minami", AFacility("みなみ", "areas/322016"));
  SetRole("reception", {"facilities.read"});
  const Caller clerk = CallerWith("clerk", {"reception@areas/310000"});
  const auto list = [&](const Caller& caller, const std::string& filter) {
    registry_v1::ListFacilitiesRequest request;
    request.set_filter(filter);
    return Said(
        caller.Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request));
  };
  const auto get = [&](const Caller& caller, const std::string& name) {
    registry_v1::GetFacilityRequest request;
    request.set_name(name);
    return Said(caller.Call<registry_v1::Facility>("registry.v1.FacilityService/GetFacility", request));
  };
  server().Spoil();
  ASSERT_EQ(list(clerk, ""), "OK");
  ASSERT_EQ(get(clerk, "facilities/minami"), "NOT_FOUND FACILITY_NOT_FOUND");
  Execute(registry(), "INSERT INTO `facilities_access` (`key`, `id`) VALUES ('areas/31', 'minami')");
  EXPECT_EQ(list(clerk, ""), "DATA_LOSS ROW_FORGED");
  EXPECT_EQ(get(clerk, "facilities/minami"), "DATA_LOSS ROW_FORGED");
  EXPECT_EQ(Get("facilities/minami"), "OK") << "who may see everything sees it as it is";
  Execute(registry(), "DELETE FROM `facilities_access` WHERE `key` = 'areas/31' AND `id` = 'minami'");
  EXPECT_EQ(list(clerk, ""), "OK");

  Execute(registry(), "INSERT INTO `facilities_identifiers` (`value`, `id`) VALUES ('office/3210000016/63', 'minami')");
  EXPECT_EQ(List("identifiers:\"office/3210000016/63\""), "DATA_LOSS ROW_FORGED");
  EXPECT_EQ(List("NOT identifiers:\"office/3210000016/63\""), "OK");
  Execute(registry(), "DELETE FROM `facilities_identifiers` WHERE `id` = 'kita' OR `id` = 'minami'");
  EXPECT_EQ(List("NOT identifiers:\"office/3210000016/63\""), "DATA_LOSS ROW_FORGED") << "it says that it has it";
}

TEST_P(ForgedRowsTest, ASearchFindsNobodyByAnothersName) {
  CreateAreas();
  const std::string hanako = Create(ANurse("見本 花子", "areas/312011")).name();
  const std::string jiro = Create(ANurse("見本 次郎", "areas/312011")).name();
  const auto search = [&](const std::string& name) {
    registry_v1::SearchNursesRequest request;
    request.set_display_name(name);
    return Said(reader().Call<registry_v1::SearchNursesResponse>("registry.v1.NurseService/SearchNurses", request));
  };
  server().Spoil();
  ASSERT_EQ(search("見本 花子"), "OK");
  Execute(registry(),
          "UPDATE `nurses_search` SET `token` = (SELECT m.`token` FROM (SELECT `token` FROM `nurses_search` "
          "WHERE `id` = ?) m) WHERE `id` = ?",
          {absl::string_view(hanako).substr(7), absl::string_view(jiro).substr(7)});
  EXPECT_EQ(search("見本 花子"), "DATA_LOSS ROW_FORGED");
  EXPECT_EQ(search("見本 次郎"), "OK") << "he is hidden; verify-journal finds it";
}

// A reference to a row that nobody has made, and figures over rows that somebody has altered.
TEST_P(ForgedRowsTest, WhatIsOnlyCountedOrReferredToIsComparedToo) {
  CreateAreas();
  registry_v1::GetPlacementReportRequest request;
  const auto report = [&] {
    return Said(admin().Call<platform_v1::Report>("registry.v1.PlacementReportService/GetPlacementReport", request));
  };
  const auto create = [&](const std::string& id) {
    registry_v1::CreateFacilityRequest facility;
    facility.set_facility_id(id);
    *facility.mutable_facility() = AFacility("きた", "areas/312011");
    return Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", facility));
  };
  server().Spoil();
  ASSERT_EQ(report(), "OK");
  ASSERT_EQ(create("kita"), "OK");
  Execute(registry(), "UPDATE `areas` SET `kind` = 'AREA_KIND_VILLAGE' WHERE `id` = '312011'");
  clock().Advance(absl::Seconds(1));  // then tables and journal say the same, and the tables are read
  EXPECT_EQ(report(), "DATA_LOSS ROW_FORGED");
  EXPECT_EQ(create("minami"), "DATA_LOSS ROW_FORGED");
}

class RestoreTest : public ForgedRowsTest {
 protected:
  store::Store& store() { return server().host().Find("registry")->store(); }
  std::string Restore(const std::string& name) {
    const identity::Actor actor{"operator", "officer-31", "直す", "repair", "", identity::Scope::Everything()};
    google::protobuf::Empty answer;
    store::Table& table = *store().TableOfName(name);
    return Said(store().Change(
        actor, Deadline::After(absl::Seconds(30)), {name}, answer,
        [&](store::Tx& tx) -> absl::Status { return table.Restore(tx, *table.schema().IdOf(name)).status(); }));
  }
  void Seal() {
    ASSERT_EQ(Said(server().host().Find("registry")->sealer().SealWaiting(Deadline::After(absl::Seconds(30)))), "OK");
  }
  std::vector<store::TableFinding> Findings() {
    HostConfig config = server().config();
    config.services = {"registry"};
    const auto checks = VerifyJournals(config, Server::Kinds(), {});
    EXPECT_EQ(Said(checks), "OK");
    if (!checks.ok()) return {};
    EXPECT_TRUE(checks->front().report.findings.empty());
    return checks->front().tables.findings;
  }
};
WIRE_TEST_ON_BOTH(RestoreTest);

TEST_P(RestoreTest, PutsARecordBackToWhatTheJournalSays) {
  CreateAreas();
  registry_v1::Facility kita = AFacility("きた", "areas/312011");
  kita.add_identifiers("office/3210000016/63");
  Create("kita", kita);
  ASSERT_EQ(SetNote("facilities/kita"), "OK");
  registry_v1::Nurse nurse = ANurse("見本 花子", "areas/312011");
  nurse.add_skills(registry_v1::SKILL_SUCTION);
  const std::string hanako = Create(nurse).name();
  Seal();
  const auto before = GetNurse(reader(), hanako);
  ASSERT_EQ(Said(before), "OK");
  server().Spoil();
  const struct {
    const char* name;
    std::string record, sql;
  } cases[] = {
      {"a field", "facilities/kita", "UPDATE `facilities` SET `display_name` = 'x' WHERE `id` = ?"},
      {"a revision to come", "facilities/kita", "UPDATE `facilities` SET `revision` = 99 WHERE `id` = ?"},
      {"removed", "facilities/kita", "DELETE FROM `facilities` WHERE `id` = ?"},
      {"who may see it", "facilities/kita",
       "UPDATE `facilities_access` SET `key` = CONCAT('areas/9', `key`) WHERE `id` = ?"},
      {"what it is found by", "facilities/kita", "DELETE FROM `facilities_identifiers` WHERE `id` = ?"},
      {"a name", hanako, "UPDATE `nurses` SET `identity` = NULL WHERE `id` = ?"},
      {"where she lives", hanako, "UPDATE `nurses` SET `home_mesh` = '53394611' WHERE `id` = ?"},
      {"a skill", hanako, "DELETE FROM `nurses_skills` WHERE `id` = ?"},
      {"her search", hanako, "DELETE FROM `nurses_search` WHERE `id` = ?"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::string sql = c.sql;
    if (GetParam() == Engine::kSqlite)
      sql = absl::StrReplaceAll(sql, {{"CONCAT('areas/9', `key`)", "'areas/9' || `key`"}});
    Execute(registry(), sql, {absl::string_view(contract::OwnId(c.record))});
    EXPECT_EQ(Findings().size(), 1);
    EXPECT_EQ(Restore(c.record), "OK");
    Seal();
    EXPECT_TRUE(Findings().empty());
  }
  registry_v1::GetFacilityRequest request;
  request.set_name("facilities/kita");
  const auto after = admin().Call<registry_v1::Facility>("registry.v1.FacilityService/GetFacility", request);
  ASSERT_EQ(Said(after), "OK");
  EXPECT_EQ(after->display_name(), "きた");
  EXPECT_EQ(after->note(), "あとで");
  EXPECT_EQ(after->etag(), "7") << "two that say something, and five that it was put back";
  EXPECT_EQ(List("identifiers:\"office/3210000016/63\""), "OK");
  const auto nurse_after = GetNurse(reader(), hanako);
  ASSERT_EQ(Said(nurse_after), "OK");
  EXPECT_EQ(nurse_after->display_name(), "見本 花子");
  EXPECT_EQ(nurse_after->home_mesh(), before->home_mesh());
  EXPECT_EQ(SetNote("facilities/kita"), "OK") << "and it can be changed again";

  EXPECT_EQ(Column(registry(), "SELECT DISTINCT `on_behalf_of` FROM `journal` WHERE `method` = 'repair'"),
            std::vector<std::string>{"officer-31"});
}

TEST_P(RestoreTest, WhatNoRevisionTellsOfIsRemoved) {
  CreateAreas();
  Create("kita", AFacility("きた", "areas/312011"));
  Seal();
  server().Spoil();
  Execute(registry(),
          "INSERT INTO `facilities` (`id`, `revision`, `contract`, `create_time`, `update_time`, "
          "`display_name`) VALUES ('ghost', 1, 1, 1, 1, 'x')");
  EXPECT_EQ(List(""), "DATA_LOSS ROW_FORGED");
  EXPECT_EQ(Restore("facilities/ghost"), "OK");
  EXPECT_EQ(List(""), "OK");
  EXPECT_TRUE(Findings().empty());
  Create("ghost", AFacility("ほし", "areas/312011"));
  Seal();
  EXPECT_TRUE(Findings().empty()) << "its name is free";
}

TEST_P(RestoreTest, TakesNothingFromAJournalThatWasAltered) {
  CreateAreas();
  Create("kita", AFacility("きた", "areas/312011"));
  Seal();
  server().Spoil();
  Execute(registry(), "UPDATE `journal` SET `image` = '' WHERE `name` = 'facilities/kita'");
  EXPECT_EQ(Restore("facilities/kita"), "DATA_LOSS ROW_FORGED");
  EXPECT_EQ(Get("facilities/kita"), "OK") << "it is left as it is";
}

// The erasure of a person does not confirm data that was inserted into her row.
TEST_P(RestoreTest, AnErasureTakesWhatTheJournalSays) {
  CreateAreas();
  const std::string hanako = Create(ANurse("見本 花子", "areas/312011")).name();
  Seal();
  server().Spoil();
  Execute(registry(), "UPDATE `nurses` SET `home_area` = 'areas/322016' WHERE `id` = ?",
          {absl::string_view(hanako).substr(7)});
  platform_v1::EraseDataSubjectRequest erase;
  erase.set_parent("services/registry");
  erase.set_subject(hanako);
  ASSERT_EQ(
      Said(reader().Call<platform_v1::EraseDataSubjectResponse>("platform.v1.ErasureService/EraseDataSubject", erase)),
      "OK");
  const auto erased = GetNurse(reader(), hanako);
  ASSERT_EQ(Said(erased), "OK");
  EXPECT_EQ(erased->home_area(), "areas/312011");
  EXPECT_EQ(erased->display_name(), "");
  Seal();
  EXPECT_TRUE(Findings().empty());
}

}  // namespace
}  // namespace tsunagu::wire
