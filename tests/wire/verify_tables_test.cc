// A person with a password for the database changes rows without the program: verify-journal reports each change, and
// reports nothing that the program itself has done.
#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/contract/own_id.h"
#include "common/host/journals.h"
#include "common/journal/sealer.h"
#include "common/jp/civil_day.h"
#include "common/records/access_log_chain.h"
#include "common/service/service.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/erasure.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::wire {
namespace {

using store::ChainFinding;
using store::TableFinding;
using testing::ElementsAre;
using testing::IsEmpty;

std::string Line(const TableFinding& finding) {
  constexpr const char* kKinds[] = {"differs", "removed", "added", "set back", "side", "forged", "counter"};
  return absl::StrCat(kKinds[static_cast<int>(finding.kind)], " ", finding.name, finding.parts.empty() ? "" : " ",
                      absl::StrJoin(finding.parts, ","));
}

class VerifyTablesTest : public SuiteTest {
 protected:
  JournalCheck Verify() { return Verify(server().config()); }
  static JournalCheck Verify(HostConfig config) {
    config.services = {"registry"};
    auto checks = VerifyJournals(config, Server::Kinds(), {});
    EXPECT_EQ(Said(checks), "OK");
    return checks.ok() ? std::move(checks->front()) : JournalCheck();
  }
  std::vector<std::string> Tables() {
    std::vector<std::string> lines;
    for (const TableFinding& finding : Verify().tables.findings) lines.push_back(Line(finding));
    return lines;
  }
  Service& service() { return *server().host().Find("registry"); }
  void SealLog() {
    ASSERT_EQ(Said(service().access_log_sealer().SealWaiting(Deadline::After(absl::Seconds(30)))), "OK");
  }
  std::string SetNote(const std::string& facility, const std::string& note) {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name(absl::StrCat("facilities/", facility));
    request.mutable_facility()->set_note(note);
    request.mutable_update_mask()->add_paths("note");
    return Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request));
  }
  platform_v1::ApiKey Revoke(const std::string& key) {
    platform_v1::RevokeApiKeyRequest request;
    request.set_name(key);
    const auto revoked = admin().Call<platform_v1::ApiKey>("platform.v1.AccessService/RevokeApiKey", request);
    EXPECT_EQ(Said(revoked), "OK");
    return revoked.value_or(platform_v1::ApiKey());
  }
  registry_v1::Nurse NurseWith(const std::string& name) {
    registry_v1::Nurse nurse = ANurse(name, "areas/312011");
    nurse.add_skills(registry_v1::SKILL_SUCTION);
    nurse.set_source_key(name);
    return Create(nurse);
  }
};
WIRE_TEST_ON_BOTH(VerifyTablesTest);

TEST_P(VerifyTablesTest, EachTamperingIsOneFindingWithItsName) {
  CreateAreas();
  for (const char* id : {"a", "b", "c", "d", "e", "f", "g", "h", "i"}) Create(id, AFacility("ほし", "areas/312011"));
  for (const char* id : {"e", "f"}) ASSERT_EQ(SetNote(id, "あとで"), "OK");
  SetRole("reception", {"facilities.read"});
  Grant("clerk", {AGrant("reception", "areas/310000")});
  platform_v1::Grant ended = AGrant("reception", "areas/310000");
  ended.mutable_valid_to_date()->set_year(2049);
  ended.mutable_valid_to_date()->set_month(12);
  ended.mutable_valid_to_date()->set_day(31);
  Grant("retired", {ended});
  Grant("boss", {AGrant("admin", "*")});
  const std::string lent = CreateKey("clerk", clock().Now() + absl::Hours(24)).api_key().name();
  const std::string lost = CreateKey("clerk").api_key().name();
  const std::string given = CreateKey("clerk").api_key().name();
  const std::string mine = CreateKey("clerk").api_key().name(), other = CreateKey("boss").api_key().name();
  const std::string gone = CreateKey("boss").api_key().name();
  Revoke(lost);
  std::vector<std::string> nurses;
  for (const char* name : {"見本 一", "見本 二", "見本 三", "見本 四", "見本 五", "見本 六", "見本 七"}) {
    nurses.push_back(NurseWith(name).name());
  }
  const std::string request = Column(registry(), "SELECT MIN(`request_id`) FROM `requests`").at(0);
  server().Spoil();
  ASSERT_THAT(Tables(), IsEmpty());

  struct Case {
    const char* name;
    std::string sql;
    std::string id;  // bound where the statement asks for it
    std::vector<std::string> findings;
  };
  const std::string keys = "services/registry/apiKeys/";
  const auto nurse = [&](int i) { return contract::OwnId(nurses[i]); };
  const Case cases[] = {
      {"a field of an area",
       "UPDATE `areas` SET `display_name` = 'x' WHERE `id` = ?",
       "312011",
       {"differs areas/312011 display_name"}},
      {"two fields",
       "UPDATE `areas` SET `display_name` = 'x', `parent` = '' WHERE `id` = ?",
       "313025",
       {"differs areas/313025 display_name,parent"}},
      {"when it was changed",
       "UPDATE `areas` SET `update_time` = `update_time` + 1 WHERE `id` = ?",
       "322016",
       {"differs areas/322016 update_time"}},
      {"a row removed", "DELETE FROM `facilities` WHERE `id` = ?", "b", {"removed facilities/b"}},
      {"a row inserted",
       "INSERT INTO `roles` (`id`, `revision`, `contract`, `create_time`, `update_time`, `display_name`, "
       "`permissions`) "
       "VALUES (?, 1, 1, 1, 1, 'x', '{\"permissions\":[\"*\"]}')",
       "forged",
       {"added services/registry/roles/forged"}},
      {"a grant's scope",
       "UPDATE `principals` SET `grants` = REPLACE(`grants`, 'areas/310000', '*') WHERE `id` = ?",
       "clerk",
       {"differs services/registry/principals/clerk grants"}},
      {"a role's permissions",
       "UPDATE `roles` SET `permissions` = REPLACE(`permissions`, 'facilities.read', 'nurses.identity') WHERE `id` = ?",
       "reception",
       {"differs services/registry/roles/reception permissions"}},
      {"a principal re-enabled",
       "UPDATE `principals` SET `grants` = REPLACE(`grants`, '2049', '2099') WHERE `id` = ?",
       "retired",
       {"differs services/registry/principals/retired grants"}},
      {"a key prolonged",
       "UPDATE `api_keys` SET `expire_time` = `expire_time` + 86400000000 WHERE `id` = ?",
       contract::OwnId(lent),
       {absl::StrCat("differs ", lent, " expire_time")}},
      {"a key's revocation taken back",
       "UPDATE `api_keys` SET `revoke_time` = NULL WHERE `id` = ?",
       contract::OwnId(lost),
       {absl::StrCat("differs ", lost, " revoke_time")}},
      {"a key given to another",
       "UPDATE `api_keys` SET `principal` = 'boss' WHERE `id` = ?",
       contract::OwnId(given),
       {absl::StrCat("differs ", given, " principal")}},
      {"a key's hash put to another key",
       absl::StrCat("UPDATE `api_key_hashes` SET `id` = '", contract::OwnId(other), "' WHERE `id` = ?"),
       contract::OwnId(mine),
       {absl::StrCat("forged ", contract::OwnId(other), " api_key_hashes"),
        absl::StrCat("side ", std::min(mine, other), " api_key_hashes"),
        absl::StrCat("side ", std::max(mine, other), " api_key_hashes")}},
      {"a key's hash removed",
       "DELETE FROM `api_key_hashes` WHERE `id` = ?",
       contract::OwnId(gone),
       {absl::StrCat("side ", gone, " api_key_hashes")}},
      {"a hash of no key",
       "INSERT INTO `api_key_hashes` (`hash`, `id`) VALUES ('01234567890123456789012345678901', ?)",
       "ghost",
       {"forged ghost api_key_hashes", absl::StrCat("side ", keys, "ghost api_key_hashes")}},
      {"the key of one person given to another",
       absl::StrCat("UPDATE `subjects` SET `key_id` = (SELECT `key_id` FROM (SELECT * FROM `subjects`) o WHERE "
                    "o.`subject` = '",
                    nurses[4], "') WHERE `subject` = ?"),
       nurses[0],
       {absl::StrCat("forged ", nurses[0], " subjects")}},
      {"an erasure that nobody asked for",
       "INSERT INTO `erasures` (`subject`, `key_id`) SELECT `subject`, `key_id` FROM `subjects` WHERE `subject` = ?",
       nurses[1],
       {absl::StrCat("forged ", nurses[1], " erasures")}},
      {"what a request was answered",
       "UPDATE `requests` SET `revisions` = 'facilities/a@1' WHERE `request_id` = ?",
       request,
       {absl::StrCat("forged ", request, " requests")}},
      {"set back with its old content",
       "UPDATE `facilities` SET `note` = '', `revision` = 1, `update_time` = "
       "`create_time` WHERE `id` = ?",
       "e",
       {"set back facilities/e"}},
      {"only its old content",
       "UPDATE `facilities` SET `note` = '' WHERE `id` = ?",
       "f",
       {"differs facilities/f note"}},
      {"a revision that the journal has not",
       "UPDATE `facilities` SET `revision` = 9 WHERE `id` = ?",
       "g",
       {"differs facilities/g revision"}},
      {"hidden behind a newer contract",
       "UPDATE `facilities` SET `contract` = 9999, `note` = 'x' WHERE `id` = ?",
       "h",
       {"differs facilities/h contract,note"}},
      {"an access key added",
       "INSERT INTO `facilities_access` (`key`, `id`) VALUES ('areas/32', ?)",
       "c",
       {"side facilities/c facilities_access"}},
      {"an access key removed",
       "DELETE FROM `facilities_access` WHERE `key` = 'areas/31' AND `id` = ?",
       "d",
       {"side facilities/d facilities_access"}},
      {"an access key of no record",
       "INSERT INTO `facilities_access` (`key`, `id`) VALUES ('areas/32', ?)",
       "zz",
       {"side facilities/zz facilities_access"}},
      {"a search token",
       "UPDATE `nurses_search` SET `token` = 'x' WHERE `id` = ?",
       nurse(0),
       {absl::StrCat("side ", nurses[0], " nurses_search")}},
      {"a skill in its side table",
       "UPDATE `nurses_skills` SET `value` = 'SKILL_VENTILATOR' WHERE `id` = ?",
       nurse(1),
       {absl::StrCat("side ", nurses[1], " nurses_skills")}},
      {"a confidential field",
       "UPDATE `nurses` SET `home_mesh` = '53394611' WHERE `id` = ?",
       nurse(2),
       {absl::StrCat("differs ", nurses[2], " home_mesh")}},
      {"somebody else's name",
       absl::StrCat("UPDATE `nurses` SET `identity` = (SELECT `identity` FROM (SELECT * FROM "
                    "`nurses`) o WHERE o.`id` = '",
                    nurse(4), "') WHERE `id` = ?"),
       nurse(3),
       {absl::StrCat("differs ", nurses[3], " identity")}},
      {"a name removed",
       "UPDATE `nurses` SET `identity` = NULL WHERE `id` = ?",
       nurse(5),
       {absl::StrCat("differs ", nurses[5], " identity")}},
      {"the shadow of a unique field",
       "UPDATE `nurses` SET `source_key_unique` = 'x' WHERE `id` = ?",
       nurse(6),
       {absl::StrCat("differs ", nurses[6], " source_key_unique")}},
  };
  std::vector<std::string> before;
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    Execute(registry(), one.sql, {absl::string_view(one.id)});
    const std::vector<std::string> found = Tables();
    std::vector<std::string> fresh;
    std::copy_if(found.begin(), found.end(), std::back_inserter(fresh), [&](const std::string& line) {
      return std::find(before.begin(), before.end(), line) == before.end();
    });
    EXPECT_EQ(fresh, one.findings);
    EXPECT_EQ(found.size(), before.size() + one.findings.size()) << "what was found stays found";
    before = found;
  }
  const JournalCheck check = Verify();
  EXPECT_FALSE(check.good());
  EXPECT_THAT(check.report.findings, IsEmpty()) << "the journal itself is whole";
}

// A plain name of format 0 in the place of a sealed one opens, and says something else.
TEST_P(VerifyTablesTest, APlainNameInTheRowIsFoundByItsField) {
  CreateAreas();
  const std::string name = NurseWith("見本 花子").name();
  server().Spoil();
  registry_v1::Nurse other;
  other.set_display_name("見本 太郎");
  const std::string plain = std::string(1, '\0') + other.SerializeAsString();
  Execute(registry(), "UPDATE `nurses` SET `identity` = ? WHERE `id` = ?",
          {store::Blob{plain}, absl::string_view(name).substr(7)});
  EXPECT_THAT(Tables(), ElementsAre(absl::StrCat("differs ", name, " display_name")));
}

TEST_P(VerifyTablesTest, WithoutKeysItComparesWhatItCanAndSaysHowMuchItCouldNot) {
  CreateAreas();
  const std::string name = NurseWith("見本 花子").name();
  NurseWith("見本 次郎");
  server().Spoil();
  HostConfig keyless = server().config();
  keyless.master_keys.clear();
  if (GetParam() == Engine::kSqlite) keyless.keys_database = testing::TempDir() + "/no-such-keys";
  JournalCheck check = Verify(keyless);
  EXPECT_TRUE(check.good());
  EXPECT_EQ(check.tables.closed, 2);
  Execute(registry(), "UPDATE `nurses` SET `home_mesh` = '53394611', `identity` = NULL");
  EXPECT_TRUE(Verify(keyless).good()) << "personal";
  Execute(registry(), "UPDATE `nurses` SET `home_area` = 'areas/322016' WHERE `id` = ?",
          {absl::string_view(name).substr(7)});
  check = Verify(keyless);
  ASSERT_EQ(check.tables.findings.size(), 1);
  EXPECT_EQ(Line(check.tables.findings[0]), absl::StrCat("differs ", name, " home_area"));
}

// A coordinator sees a placement while it lasts: not longer, because somebody has written so.
TEST_P(VerifyTablesTest, UntilWhenSomebodySeesARecordIsCompared) {
  CreateAreas();
  registry_v1::CreateCoordinatorRequest coordinator;
  coordinator.mutable_coordinator()->set_display_name("見本 花子");
  coordinator.mutable_coordinator()->set_home_area("areas/312011");
  const auto person =
      admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", coordinator);
  ASSERT_EQ(Said(person), "OK");
  registry_v1::CreatePlacementRequest request;
  registry_v1::Placement& placement = *request.mutable_placement();
  placement.set_coordinator(person->name());
  placement.set_body("areas/312011");
  placement.set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
  *placement.mutable_valid_from_date() = jp::ToDate(*jp::ParseDay("2040-04-01"));
  *placement.mutable_valid_to_date() = jp::ToDate(*jp::ParseDay("2041-03-31"));
  const auto placed = admin().Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request);
  ASSERT_EQ(Said(placed), "OK");
  server().Spoil();
  ASSERT_THAT(Tables(), IsEmpty());
  Execute(registry(), "UPDATE `placements_access` SET `valid_to` = '2099-03-31' WHERE `valid_to` IS NOT NULL");
  EXPECT_THAT(Tables(), ElementsAre(absl::StrCat("side ", placed->name(), " placements_access")));
}

// An altered image is one finding, of the journal; its row is as it was.
TEST_P(VerifyTablesTest, AnAlteredImageIsNoFindingOfTheTable) {
  Create("a", AFacility("ほし", ""));
  ASSERT_EQ(Said(service().sealer().SealWaiting(Deadline::After(absl::Seconds(30)))), "OK");
  server().Spoil();
  Execute(registry(), "UPDATE `journal` SET `image` = '' WHERE `name` = 'facilities/a'");
  const JournalCheck check = Verify();
  EXPECT_EQ(check.report.findings.size(), 1);
  EXPECT_EQ(check.tables.found, 0);
}

TEST_P(VerifyTablesTest, WhatTheProgramDoesIsNoFinding) {
  CreateAreas();
  const std::string hanako = NurseWith("見本 花子").name();
  for (int i = 0; i < 5; ++i) NurseWith(absl::StrCat("見本 ", i));
  std::string csv = "facility_id,display_name,area,service_kind,capacity\n";
  for (int i = 0; i < 1200; ++i) {
    absl::StrAppend(&csv, "f", i, ",見本,areas/", i % 2 == 0 ? "312011" : "313025", ",CHILD_DEVELOPMENT_SUPPORT,10\n");
  }
  ASSERT_EQ(ImportCsv(admin(), "facilities", csv).summary, "1200 rows: 1200 created");
  ASSERT_EQ(SetNote("f7", "いち"), "OK");
  Revoke(CreateKey("somebody").api_key().name());
  ASSERT_EQ(Said(GetNurse(reader(), hanako)), "OK");
  platform_v1::EraseDataSubjectRequest erase;
  erase.set_parent("services/registry");
  erase.set_subject(hanako);
  ASSERT_EQ(
      Said(reader().Call<platform_v1::EraseDataSubjectResponse>("platform.v1.ErasureService/EraseDataSubject", erase)),
      "OK");
  server().Restart();
  const JournalCheck check = Verify();
  EXPECT_TRUE(check.good());
  EXPECT_THAT(Tables(), IsEmpty());
  EXPECT_GT(check.tables.rows, 1200);
  EXPECT_EQ(check.tables.closed, 0);
  EXPECT_EQ(check.tables.newer, 0);
  EXPECT_GT(check.access_log.chain.sealed, 0);
  EXPECT_EQ(check.access_log.chain.waiting, 0);
  EXPECT_GE(check.access_log.chain.checkpoints, 1);
  EXPECT_EQ(check.access_log.before, 0);
}

TEST_P(VerifyTablesTest, BesideWritersNothingIsFound) {
  CreateAreas();
  for (int i = 0; i < 4; ++i) Create(absl::StrCat("f", i), AFacility("ほし", "areas/312011"));
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; !done; ++j) {
        (void)SetNote(absl::StrCat("f", (i + j) % 4), absl::StrCat(i, " ", j));
        if (j < 40) (void)NurseWith(absl::StrCat("見本 ", i, " ", j));
        if (j % 5 == 0) CreateKey("somebody");
      }
    });
  }
  for (int i = 0; i < 15; ++i) {
    const JournalCheck check = Verify();
    EXPECT_TRUE(check.good());
    for (const TableFinding& finding : check.tables.findings) ADD_FAILURE() << Line(finding);
    for (const ChainFinding& finding : check.access_log.chain.findings) {
      ADD_FAILURE() << finding.name << static_cast<int>(finding.kind);
    }
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tsunagu::wire
