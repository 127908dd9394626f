// A service acts for a caller; by itself it may do only what its role names.
#include "absl/strings/str_cat.h"
#include "common/access/access.h"
#include "common/service/service.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/change.pb.h"

namespace tsunagu::wire {
namespace {

constexpr char kDenied[] = "PERMISSION_DENIED PERMISSION_DENIED";

class ServiceRoleTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    Create("tottori", AFacility("とっとり", "areas/312011"));
    hanako_ = Create(ANurse("見本 花子", "areas/312011")).name();
    service_.emplace(CallerWith("gateway", {"service@*"}));
    CallerWith("officer", {"prefecture-officer@areas/310000"});
    CallerWith("boss", {"admin@*"});
  }
  std::string SetPrincipalSays(const Caller& caller) {
    platform_v1::SetPrincipalRequest request;
    request.set_parent("services/registry");
    request.set_principal_id("mine");
    *request.mutable_principal()->add_grants() = AGrant("admin", "*");
    return Said(caller.Call<platform_v1::Principal>("platform.v1.AccessService/SetPrincipal", request));
  }
  std::string CreateKeySays(const Caller& caller) {
    platform_v1::CreateApiKeyRequest request;
    request.set_parent("services/registry");
    request.mutable_api_key()->set_principal("gateway");
    return Said(caller.Call<platform_v1::CreateApiKeyResponse>("platform.v1.AccessService/CreateApiKey", request));
  }
  std::string ListRolesSays(const Caller& caller) {
    platform_v1::ListRolesRequest request;
    request.set_parent("services/registry");
    return Said(caller.Call<platform_v1::ListRolesResponse>("platform.v1.AccessService/ListRoles", request));
  }
  std::string SetRoleSays(const Caller& caller) {
    platform_v1::SetRoleRequest request;
    request.set_parent("services/registry");
    request.set_role_id("mine");
    request.mutable_role()->add_permissions("*");
    return Said(caller.Call<platform_v1::Role>("platform.v1.AccessService/SetRole", request));
  }
  std::string NoteSays(const Caller& caller) {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name("facilities/tottori");
    request.mutable_facility()->set_note("あたらしい");
    request.mutable_update_mask()->add_paths("note");
    return Said(caller.Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request));
  }
  std::string HomeMesh(const Caller& caller) {
    const auto nurse = GetNurse(caller, hanako_);
    return nurse.ok() ? nurse->home_mesh() : Said(nurse);
  }
  static std::string CopySays(const Caller& caller, const std::string& collection) {
    platform_v1::ReadChangesRequest request;
    request.set_parent("services/registry");
    request.add_collections(collection);
    return Said(caller.Call<platform_v1::ReadChangesResponse>("platform.v1.ChangeService/ReadChanges", request));
  }
  const Caller& service() { return *service_; }

  std::string hanako_;

 private:
  absl::optional<Caller> service_;
};
WIRE_TEST_ON_BOTH(ServiceRoleTest);

TEST_P(ServiceRoleTest, ByItselfItReadsAndWritesNothing) {
  EXPECT_EQ(HomeMesh(service().For("copy")), kDenied);
  EXPECT_EQ(Said(GetFacility(service(), "facilities/tottori")), kDenied);
  EXPECT_EQ(NoteSays(service()), kDenied);
  EXPECT_EQ(CopySays(service(), "nurses"), kDenied);
  EXPECT_EQ(ImportCsv(service(), "areas", "団体コード\n").status.code(), absl::StatusCode::kPermissionDenied);
}

TEST_P(ServiceRoleTest, GivesNobodyRights) {
  for (const Caller& caller :
       {service(), service().OnBehalfOf("boss"), service().OnBehalfOf("admin"), service().OnBehalfOf("officer")}) {
    EXPECT_EQ(SetPrincipalSays(caller), kDenied);
    EXPECT_EQ(CreateKeySays(caller), kDenied);
    EXPECT_EQ(SetRoleSays(caller), kDenied);
    EXPECT_EQ(ListRolesSays(caller), kDenied);
  }
  // Whatever the role says.
  SetRole("service", {"service.delegate", "access.*", "access.write", "*"});
  EXPECT_EQ(SetPrincipalSays(service()), kDenied);
  EXPECT_EQ(SetPrincipalSays(service().OnBehalfOf("boss")), kDenied);
}

TEST_P(ServiceRoleTest, DoesForSomebodyWhatBothMay) {
  EXPECT_EQ(NoteSays(service().OnBehalfOf("officer")), "OK");
  EXPECT_EQ(HomeMesh(service().OnBehalfOf("officer").For("round")), "53341198");
  EXPECT_EQ(HomeMesh(service().OnBehalfOf("officer")), "");
  CallerWith("elsewhere", {"prefecture-officer@areas/320005"});
  EXPECT_EQ(NoteSays(service().OnBehalfOf("elsewhere")), "NOT_FOUND FACILITY_NOT_FOUND");
  // nurses.search is the officer's, and not the service's.
  registry_v1::SearchNursesRequest search;
  search.set_display_name("見本花子");
  EXPECT_EQ(Said(service().OnBehalfOf("officer").For("care").Call<registry_v1::SearchNursesResponse>(
                "registry.v1.NurseService/SearchNurses", search)),
            kDenied);
}

TEST_P(ServiceRoleTest, ForAServiceItDoesWhatThatOneMayByItself) {
  CallerWith("other", {"service@*"});
  EXPECT_EQ(NoteSays(service().OnBehalfOf("other")), kDenied);
  EXPECT_EQ(Said(GetArea(service().OnBehalfOf("other"), "areas/312011")), "OK");
}

TEST_P(ServiceRoleTest, WatchesPlacesByItself) {
  EXPECT_EQ(Said(GetArea(service(), "areas/312011")), "OK");
  for (const char* collection : {"areas", "regions", "regionMembers"}) EXPECT_EQ(CopySays(service(), collection), "OK");
  // A region of the registry is known to matching, which has asked with its own key.
  CallerWith("east", {"prefecture-officer@areas/310000"}, "matching");
  EXPECT_EQ(Said(server().host().Find("matching")->access().LoadPlaces()), "OK");
}

TEST_P(ServiceRoleTest, WildcardsDoNotReachAccess) {
  SetRole("everywhere", {"*.read", "*.write", "*.delegate"});
  const Caller everywhere = CallerWith("everywhere", {"everywhere@*"});
  EXPECT_EQ(NoteSays(everywhere), "OK");
  EXPECT_EQ(ListRolesSays(everywhere), kDenied);
  EXPECT_EQ(SetPrincipalSays(everywhere), kDenied);
  EXPECT_EQ(HomeMesh(everywhere.OnBehalfOf("officer").For("care")), kDenied) << "nor delegation";
  EXPECT_EQ(HomeMesh(admin().OnBehalfOf("officer").For("care")), kDenied) << "which has to be named";
  EXPECT_EQ(ListRolesSays(CallerWith("chief", {"admin@*"})), "OK");
  SetRole("personnel", {"access.*"});
  EXPECT_EQ(SetPrincipalSays(CallerWith("personnel", {"personnel@*"})), "OK") << "named";
}

}  // namespace
}  // namespace tsunagu::wire
