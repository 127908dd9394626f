// Who may do what where: keys, roles, grants and their scopes.
#include "common/contract/own_id.h"
#include "common/jp/civil_day.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

class AccessTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    Create("tottori", AFacility("とっとり", "areas/312011"));
    Create("iwami", AFacility("いわみ", "areas/313025"));
    Create("matsue", AFacility("まつえ", "areas/322016"));
    Create("nowhere", AFacility("どこか", ""));
  }
  // Returns which facilities a caller finds, by List and by Get alike.
  static std::string Sees(const Caller& caller) {
    const auto page = caller.Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities",
                                                                       registry_v1::ListFacilitiesRequest());
    if (!page.ok()) return Said(page);
    std::string listed, read;
    for (const auto& facility : page->facilities()) listed += facility.name().substr(11) + " ";
    for (const char* id : {"iwami", "matsue", "nowhere", "tottori"}) {
      if (GetFacility(caller, std::string("facilities/") + id).ok()) read += std::string(id) + " ";
    }
    return listed == read ? listed : listed + "but by Get " + read;
  }
  static std::string CreateSays(const Caller& caller, const std::string& id, const std::string& area,
                                const std::string& source_key = "") {
    registry_v1::CreateFacilityRequest request;
    *request.mutable_facility() = AFacility("あたらしい", area);
    request.mutable_facility()->set_source_key(source_key);
    request.set_facility_id(id);
    return Said(caller.Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", request));
  }
  static std::string MoveSays(const Caller& caller, const std::string& id, const std::string& area) {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name("facilities/" + id);
    request.mutable_facility()->set_area(area);
    request.mutable_update_mask()->add_paths("area");
    return Said(caller.Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request));
  }
};
WIRE_TEST_ON_BOTH(AccessTest);

constexpr char kDenied[] = "PERMISSION_DENIED PERMISSION_DENIED";

TEST_P(AccessTest, WithoutAKeyNothingIsAnswered) {
  EXPECT_EQ(Sees(server().CallerWith("")), "UNAUTHENTICATED UNAUTHENTICATED");
  EXPECT_EQ(Sees(server().CallerWith("tsunagu_guessed")), "UNAUTHENTICATED UNAUTHENTICATED");
}

TEST_P(AccessTest, WhoHasNoGrantMayDoNothing) {
  const Caller nobody = server().CallerWith(CreateKey("nobody").secret());
  EXPECT_EQ(Sees(nobody), kDenied);
  EXPECT_EQ(Said(GetArea(nobody, "areas/310000")), kDenied);
  EXPECT_EQ(Said(GetArea(nobody, "areas/999999")), kDenied) << "before anything is looked up";
  EXPECT_EQ(ImportCsv(nobody, "areas", "x\n").status.code(), absl::StatusCode::kPermissionDenied);
}

TEST_P(AccessTest, AGrantReachesWhatItsScopeHolds) {
  struct Case {
    const char* name;
    std::vector<std::string> grants;
    const char* sees;
  };
  const Case cases[] = {
      {"everywhere", {"prefecture-officer@*"}, "iwami matsue nowhere tottori "},
      {"prefecture", {"prefecture-officer@areas/310000"}, "iwami tottori "},
      {"municipality", {"municipality-officer@areas/313025"}, "iwami "},
      {"facility", {"facility-manager@facilities/matsue"}, "matsue "},
      {"two", {"municipality-officer@areas/313025", "facility-manager@facilities/nowhere"}, "iwami nowhere "},
      {"elsewhere", {"prefecture-officer@areas/130001"}, ""},
  };
  int id = 0;
  for (const Case& c : cases) EXPECT_EQ(Sees(CallerWith("p" + std::to_string(++id), c.grants)), c.sees) << c.name;
}

TEST_P(AccessTest, WhatLiesOutsideIsAbsentInEveryWord) {
  const Caller officer = CallerWith("officer", {"prefecture-officer@areas/310000"});
  const auto hidden = GetFacility(officer, "facilities/matsue"), absent = GetFacility(officer, "facilities/absent");
  EXPECT_EQ(Said(hidden), "NOT_FOUND FACILITY_NOT_FOUND");
  auto text = [](const absl::Status& status, const std::string& id) {
    std::string said = Text(FaultOf(status), Language::kEnglish);
    return said.replace(said.find(id), id.size(), "x");
  };
  EXPECT_EQ(text(hidden.status(), "matsue"), text(absent.status(), "absent"));
  EXPECT_EQ(MoveSays(officer, "matsue", "areas/312011"), MoveSays(officer, "absent", "areas/312011"));
  // As a reference.
  registry_v1::CreateNurseRequest request;
  *request.mutable_nurse() = ANurse("見本 花子", "areas/312011");
  request.mutable_nurse()->add_wishes("facilities/matsue");
  EXPECT_EQ(Said(officer.Call<registry_v1::Nurse>("registry.v1.NurseService/CreateNurse", request)),
            "INVALID_ARGUMENT INVALID_REQUEST nurse.wishes[0]:REFERENCE_NOT_FOUND");
}

TEST_P(AccessTest, NothingIsCreatedOutsideTheScope) {
  const Caller officer = CallerWith("officer", {"prefecture-officer@areas/310000"});
  EXPECT_EQ(CreateSays(officer, "new-1", "areas/312011"), "OK");
  EXPECT_EQ(CreateSays(officer, "new-2", "areas/322016"), "PERMISSION_DENIED OUT_OF_SCOPE");
  EXPECT_EQ(CreateSays(officer, "new-3", ""), "PERMISSION_DENIED OUT_OF_SCOPE");
  EXPECT_EQ(MoveSays(officer, "tottori", "areas/322016"), "PERMISSION_DENIED OUT_OF_SCOPE");
  EXPECT_EQ(MoveSays(officer, "tottori", "areas/313025"), "OK");
}

TEST_P(AccessTest, WhatIsTakenOutsideTheScopeIsOnlyNotAvailable) {
  registry_v1::Facility facility = AFacility("かくれた", "areas/322016");
  facility.set_source_key("wamnet/A1");
  Create("hidden", facility);
  const Caller officer = CallerWith("officer", {"prefecture-officer@areas/310000"});
  EXPECT_EQ(CreateSays(officer, "tottori", "areas/312011"), "ALREADY_EXISTS FACILITY_EXISTS");
  EXPECT_EQ(CreateSays(officer, "hidden", "areas/312011"), "ALREADY_EXISTS KEY_UNAVAILABLE");
  EXPECT_EQ(CreateSays(officer, "new", "areas/312011", "wamnet/A1"), "ALREADY_EXISTS KEY_UNAVAILABLE");
}

TEST_P(AccessTest, TwoGrantsNeverLendEachOtherTheirScope) {
  // May write in 鳥取 and read in 島根.
  const Caller both = CallerWith("both", {"prefecture-officer@areas/310000", "centre-staff@areas/320005"});
  EXPECT_EQ(Sees(both), "iwami matsue tottori ");
  EXPECT_EQ(CreateSays(both, "new", "areas/322016"), "PERMISSION_DENIED OUT_OF_SCOPE");
  EXPECT_EQ(MoveSays(both, "matsue", "areas/312011"), "NOT_FOUND FACILITY_NOT_FOUND");
}

TEST_P(AccessTest, AGrantNamesARoleAndAScopeThatExist) {
  platform_v1::SetPrincipalRequest request;
  request.set_parent("services/registry");
  request.set_principal_id("odd");
  *request.mutable_principal()->add_grants() = AGrant("emperor", "*");
  *request.mutable_principal()->add_grants() = AGrant("prefecture-officer", "鳥取県");
  EXPECT_EQ(Said(admin().Call<platform_v1::Principal>("platform.v1.AccessService/SetPrincipal", request)),
            "INVALID_ARGUMENT INVALID_REQUEST principal.grants[0].role:REFERENCE_NOT_FOUND "
            "principal.grants[1].scope:MALFORMED_NAME");
}

TEST_P(AccessTest, AGrantHasItsDays) {
  const jp::CivilDay today = jp::JapanDay(clock().Now());
  auto grant = [](jp::CivilDay from, jp::CivilDay to) {
    platform_v1::Grant one = AGrant("prefecture-officer", "areas/310000");
    *one.mutable_valid_from_date() = jp::ToDate(from);
    *one.mutable_valid_to_date() = jp::ToDate(to);
    return one;
  };
  const Caller contractor = CallerWith("contractor", {"auditor@*"});
  Grant("contractor", {grant(today - 9, today - 1)});
  EXPECT_EQ(Sees(contractor), kDenied) << "ended yesterday";
  Grant("contractor", {grant(today + 1, today + 9)});
  EXPECT_EQ(Sees(contractor), kDenied) << "begins tomorrow";
  Grant("contractor", {grant(today, today)});
  EXPECT_EQ(Sees(contractor), "iwami tottori ");
  clock().Advance(absl::Hours(12) - absl::Seconds(1));  // from noon to the end of the day in Japan
  EXPECT_EQ(Sees(contractor), "iwami tottori ");
  clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Sees(contractor), kDenied);
}

TEST_P(AccessTest, ARevokedKeyIsWorthlessAtOnce) {
  Grant("robot", {AGrant("integrator", "*")});
  const auto first = CreateKey("robot"), second = CreateKey("robot");
  EXPECT_EQ(Sees(server().CallerWith(first.secret())), "iwami matsue nowhere tottori ");
  platform_v1::RevokeApiKeyRequest request;
  request.set_name(first.api_key().name());
  const auto revoked = admin().Call<platform_v1::ApiKey>("platform.v1.AccessService/RevokeApiKey", request);
  ASSERT_EQ(Said(revoked), "OK");
  EXPECT_TRUE(revoked->has_revoke_time());
  EXPECT_EQ(Sees(server().CallerWith(first.secret())), "UNAUTHENTICATED KEY_REVOKED");
  EXPECT_EQ(Sees(server().CallerWith(second.secret())), "iwami matsue nowhere tottori ");
  server().Restart();
  EXPECT_EQ(Sees(server().CallerWith(first.secret())), "UNAUTHENTICATED KEY_REVOKED");
  EXPECT_EQ(Sees(server().CallerWith(second.secret())), "iwami matsue nowhere tottori ");
}

TEST_P(AccessTest, AKeyExpiresAtItsTime) {
  Grant("robot", {AGrant("integrator", "*")});
  const Caller robot = server().CallerWith(CreateKey("robot", clock().Now() + absl::Hours(1)).secret());
  clock().Advance(absl::Hours(1) - absl::Microseconds(1));
  EXPECT_EQ(Sees(robot), "iwami matsue nowhere tottori ");
  clock().Advance(absl::Microseconds(1));
  EXPECT_EQ(Sees(robot), "UNAUTHENTICATED KEY_EXPIRED");
}

// A person with a password for the database knows how hashes are computed.
TEST_P(AccessTest, AHashPutIntoTheDatabaseOpensNothing) {
  Grant("robot", {AGrant("admin", "*")});
  const auto key = CreateKey("robot");
  const std::string own = "tsunagu_of-ones-own", id = contract::OwnId(key.api_key().name());
  server().Spoil();
  Execute(registry(), "UPDATE `api_key_hashes` SET `hash` = ? WHERE `id` = ?",
          {store::Blob{Sha256("tsunagu-key " + own)}, absl::string_view(id)});
  server().Restart();
  EXPECT_EQ(Sees(server().CallerWith(own)), "UNAUTHENTICATED UNAUTHENTICATED");
}

TEST_P(AccessTest, ARightWrittenIntoTheDatabaseIsNone) {
  struct Case {
    const char* name;
    const char* sql;
  };
  const Case cases[] = {
      {"a wider scope",
       "UPDATE `principals` SET `grants` = REPLACE(`grants`, 'areas/322016', '*') WHERE `id` = 'robot'"},
      {"more permissions", "UPDATE `roles` SET `permissions` = '{\"permissions\":[\"*\"]}' WHERE `id` = 'reception'"},
      {"a row of a version that is not there yet",
       "UPDATE `principals` SET `grants` = REPLACE(`grants`, 'areas/322016', '*'), `contract` = 9999 WHERE `id` = "
       "'robot'"},
      {"another's key", "UPDATE `api_keys` SET `principal` = 'boss' WHERE `principal` = 'robot'"},
      {"a key that was revoked", "UPDATE `api_keys` SET `revoke_time` = NULL WHERE `principal` = 'former'"},
  };
  SetRole("reception", {"facilities.read"});
  Grant("robot", {AGrant("reception", "areas/322016")});
  Grant("former", {AGrant("reception", "*")});
  Grant("boss", {AGrant("admin", "*")});
  const std::string robot = CreateKey("robot").secret();
  const auto former = CreateKey("former");
  platform_v1::RevokeApiKeyRequest revoke;
  revoke.set_name(former.api_key().name());
  ASSERT_EQ(Said(admin().Call<platform_v1::ApiKey>("platform.v1.AccessService/RevokeApiKey", revoke)), "OK");
  ASSERT_EQ(Sees(server().CallerWith(robot)), "matsue ");
  server().Spoil();
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    Execute(registry(), one.sql);
    server().Restart();
    EXPECT_THAT(Sees(server().CallerWith(robot)),
                testing::AnyOf(testing::HasSubstr("UNAUTHENTICATED"), testing::HasSubstr("PERMISSION_DENIED")));
    EXPECT_THAT(Sees(server().CallerWith(former.secret())), testing::HasSubstr("UNAUTHENTICATED"));
  }
}

TEST_P(AccessTest, KeysAreKeptAsHashesOnly) {
  const auto key = CreateKey("robot");
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `api_key_hashes`"), 1);
  const std::string secret = key.secret();
  for (const char* sql : {"SELECT `image` FROM `journal`", "SELECT `answer` FROM `requests`",
                          "SELECT `hash` FROM `api_key_hashes`", "SELECT `id` FROM `api_keys`"}) {
    for (const std::string& cell : Column(registry(), sql)) {
      EXPECT_EQ(cell.find(secret), std::string::npos) << sql;
      EXPECT_EQ(cell.find(secret.substr(8)), std::string::npos) << sql;
    }
  }
  const auto listed = admin().Call<platform_v1::ListApiKeysResponse>("platform.v1.AccessService/ListApiKeys", [] {
    platform_v1::ListApiKeysRequest request;
    request.set_parent("services/registry");
    return request;
  }());
  ASSERT_EQ(Said(listed), "OK");
  EXPECT_EQ(listed->DebugString().find(secret), std::string::npos);
}

TEST_P(AccessTest, AChangedRoleCountsFromTheNextCallOn) {
  SetRole("reader", {"facilities.read"});
  const Caller reader = CallerWith("reader", {"reader@areas/310000"});
  EXPECT_EQ(Sees(reader), "iwami tottori ");
  SetRole("reader", {"areas.read"});
  EXPECT_EQ(Sees(reader), kDenied);
  EXPECT_EQ(Said(GetArea(reader, "areas/320005")), "OK") << "areas are public to who may read areas";
}

TEST_P(AccessTest, AServiceThatActsForSomebodyMayDoWhatBothMay) {
  SetRole("west-service", {"service.delegate", "facilities.read", "nurses.read"});
  const Caller service = CallerWith("helper", {"west-service@areas/312011", "west-service@areas/320005"});
  CallerWith("officer", {"prefecture-officer@areas/310000"});
  CallerWith("stranger", {"auditor@*"});
  EXPECT_EQ(Sees(service), "matsue tottori ");
  EXPECT_EQ(Sees(service.OnBehalfOf("officer")), "tottori ") << "a prefecture cut by one of its cities is that city";
  EXPECT_EQ(CreateSays(service.OnBehalfOf("officer"), "new", "areas/312011"), kDenied) << "the service may not";
  EXPECT_EQ(Sees(service.OnBehalfOf("stranger")), kDenied) << "the original caller may not";
  EXPECT_EQ(Sees(service.OnBehalfOf("unknown")), "PERMISSION_DENIED PRINCIPAL_UNKNOWN");
  EXPECT_EQ(Sees(CallerWith("plain", {"prefecture-officer@*"}).OnBehalfOf("officer")), kDenied);
}

TEST_P(AccessTest, RolesAreShippedAndListed) {
  platform_v1::ListRolesRequest request;
  request.set_parent("services/registry");
  const auto roles = admin().Call<platform_v1::ListRolesResponse>("platform.v1.AccessService/ListRoles", request);
  ASSERT_EQ(Said(roles), "OK");
  std::string ids;
  for (const auto& role : roles->roles()) ids += contract::OwnId(role.name()) + " ";
  EXPECT_EQ(
      ids,
      "admin auditor centre-staff coordinator facility-manager integrator matching-operator municipality-officer nurse "
      "prefecture-officer service ");
  request.set_parent("services/subsidy");
  EXPECT_EQ(Said(admin().Call<platform_v1::ListRolesResponse>("platform.v1.AccessService/ListRoles", request)),
            "UNIMPLEMENTED SERVICE_NOT_RUNNING");
}

}  // namespace
}  // namespace tsunagu::wire
