// Keys and grants across services and processes: valid at once, revoked everywhere, and only for existing places.
#include "absl/strings/str_cat.h"
#include "common/access/access.h"
#include "common/host/host.h"
#include "common/host/revoke.h"
#include "common/rpc/call.h"
#include "common/service/service.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::wire {
namespace {

class CredentialsTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
  }
  // As another process makes it: tsunagu keys create.
  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"registry", "training", "subsidy", "matching"};
    return options;
  }
  HostConfig AnotherProcess() {
    HostConfig config = server().config();
    config.trust_clock = true;  // the machine's, which is behind that of the test
    return config;
  }
  std::string MakeKey(const std::string& principal, const std::string& role, const std::string& scope = "*") {
    KeyRequest request;
    request.principal = principal;
    request.role = role;
    request.scope = scope;
    const auto key = tsunagu::CreateKey(AnotherProcess(), Server::Kinds(), request);
    return key.ok() ? *key : Said(key);
  }
  std::string RegistrySays(const std::string& key) { return Said(GetArea(server().CallerWith(key), "areas/310000")); }
  std::string MatchingSays(const std::string& key) {
    return Said(server().CallerWith(key).Call<matching::v1::ListOpeningsResponse>(
        "matching.v1.OpeningService/ListOpenings", matching::v1::ListOpeningsRequest()));
  }
  absl::StatusOr<registry_v1::Facility> CreateBy(const Caller& caller, const std::string& id,
                                                 const std::string& request_id) {
    registry_v1::CreateFacilityRequest request;
    *request.mutable_facility() = AFacility("あたらしい", "areas/312011");
    request.set_facility_id(id);
    request.set_request_id(request_id);
    return caller.Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", request);
  }
};
WIRE_TEST_ON_BOTH(CredentialsTest);

TEST_P(CredentialsTest, AKeyOfAnotherProcessIsGoodAtOnce) {
  for (int i = 0; i < 5; ++i) {
    const std::string key = MakeKey(absl::StrCat("officer-", i), "prefecture-officer");
    EXPECT_EQ(RegistrySays(key), "OK");
    EXPECT_EQ(MatchingSays(key), "OK");
  }
}

TEST_P(CredentialsTest, ARevokedKeyIsWorthlessInEveryService) {
  const std::string first = MakeKey("officer", "prefecture-officer"), second = MakeKey("officer", "auditor"),
                    other = MakeKey("other", "prefecture-officer");
  const auto revoke = [&](const RevokeRequest& request) {
    std::vector<std::string> said;
    for (const Revocation& done : RevokeKeys(AnotherProcess(), Server::Kinds(), request)) {
      said.push_back(absl::StrCat(done.service, " ", Said(done.reached), " ", done.keys, " ", done.grants,
                                  done.known ? "" : " unknown"));
    }
    return said;
  };
  const auto each = [](const std::string& said) {
    return testing::ElementsAre("registry" + said, "training" + said, "subsidy" + said, "matching" + said);
  };
  EXPECT_THAT(revoke({"", first}), each(" OK 1 0"));
  server().Restart();  // or two seconds later
  EXPECT_EQ(RegistrySays(first), "UNAUTHENTICATED KEY_REVOKED");
  EXPECT_EQ(MatchingSays(first), "UNAUTHENTICATED KEY_REVOKED");
  EXPECT_EQ(RegistrySays(second), "OK");
  EXPECT_THAT(revoke({"", first}), each(" OK 0 0")) << "again";
  EXPECT_THAT(revoke({"", "tsunagu_none"}), each(" OK 0 0 unknown"));
  EXPECT_THAT(revoke({"officer", "", true}), each(" OK 1 2"));
  EXPECT_THAT(revoke({"officer", "", true}), each(" OK 0 0"));
  const std::string third = MakeKey("officer", "prefecture-officer");  // with the grant that it gives anew
  server().Restart();
  EXPECT_EQ(RegistrySays(second), "UNAUTHENTICATED KEY_REVOKED");
  EXPECT_EQ(MatchingSays(second), "UNAUTHENTICATED KEY_REVOKED");
  EXPECT_EQ(RegistrySays(other), "OK");
  EXPECT_EQ(RegistrySays(third), "OK");
  EXPECT_EQ(MatchingSays(third), "OK");

  // An unreachable process is named, and the others are handled.
  HostConfig config = AnotherProcess();
  config.services = {"registry"};
  const auto some = RevokeKeys(config, Server::Kinds(), {"other", ""});
  ASSERT_EQ(some.size(), 4u);
  EXPECT_TRUE(some[0].reached.ok()) << some[0].reached;
  for (size_t i = 1; i < some.size(); ++i) EXPECT_FALSE(some[i].reached.ok());
  EXPECT_EQ(some[0].keys, 1);
}

TEST_P(CredentialsTest, ACallerMayBeKnownBySomethingElseThanAKey) {
  const auto make = [&](const std::string& principal, const std::string& role, const std::string& certificate) {
    KeyRequest request;
    request.principal = principal;
    request.role = role;
    request.identity.emplace().set_certificate(certificate);
    const auto key = tsunagu::CreateKey(AnotherProcess(), Server::Kinds(), request);
    return key.ok() ? absl::StrCat("known", *key) : Said(key);
  };
  const auto who = [&](const char* service, const std::string& certificate) {
    rpc::Headers headers;
    headers.certificate_names = {certificate};
    const auto principal = server().host().Find(service)->access().Authenticate(headers);
    return principal.ok() ? principal->id : std::string(ReasonOf(principal.status()).word());
  };
  const std::string key = MakeKey("hr", "prefecture-officer");
  for (const char* certificate : {"dns:a.example", "dns:b.example", "dns:a.example"}) {
    EXPECT_EQ(make("hr", "prefecture-officer", certificate), "known");
  }
  EXPECT_EQ(make("other", "auditor", "dns:a.example"), "INVALID_ARGUMENT INVALID_REQUEST identities[0]:IDENTITY_TAKEN");
  EXPECT_EQ(make("other", "auditor", "a.example"), "INVALID_ARGUMENT INVALID_REQUEST identities[0]:IDENTITY_MALFORMED");
  server().Restart();  // or two seconds later
  for (const char* service : {"registry", "training", "subsidy", "matching"}) {
    EXPECT_EQ(who(service, "dns:a.example"), "hr") << service;
    EXPECT_EQ(who(service, "dns:b.example"), "hr") << service;
  }
  EXPECT_EQ(RegistrySays(key), "OK") << "beside its key";
  EXPECT_EQ(Column(registry(), "SELECT COUNT(*) FROM `principals`"), std::vector<std::string>({"1"}))
      << "nothing half done";
}

TEST_P(CredentialsTest, AScopeIsAPlaceThatCanBe) {
  struct Case {
    const char* scope;
    bool taken;
  };
  const Case cases[] = {
      {"*", true},
      {"areas/310000", true},
      {"areas/312011", true},
      {"areas/130001", true},  // Tokyo, which nobody has imported yet
      {"areas/000000", false},
      {"areas/3", false},
      {"areas/31", false},
      {"areas/312012", false},  // another check digit
      {"areas/480002", false},  // there are 47 prefectures
      {"areas/3100000", false},
      {"areas/tottori", false},
      {"facilities/f1", true},
      {"regions/east", true},
      {"nurses/n1", true},
  };
  for (const Case& c : cases) {
    for (const char* service : {"registry", "matching"}) {
      platform_v1::SetPrincipalRequest request;
      request.set_parent(absl::StrCat("services/", service));
      request.set_principal_id("officer");
      *request.mutable_principal()->add_grants() = AGrant("prefecture-officer", c.scope);
      EXPECT_EQ(Said(admin().Call<platform_v1::Principal>("platform.v1.AccessService/SetPrincipal", request)),
                c.taken ? "OK" : "INVALID_ARGUMENT INVALID_REQUEST principal.grants[0].scope:UNKNOWN_PLACE")
          << service << " " << c.scope;
    }
    const std::string made = MakeKey("other", "prefecture-officer", c.scope);
    EXPECT_EQ(made.substr(0, 8) == "tsunagu_", c.taken) << made << " " << c.scope;
  }
}

TEST_P(CredentialsTest, RequestsAreRememberedByThePersonActedFor) {
  const Caller service = CallerWith("gateway", {"service@*"});
  const Caller first = CallerWith("officer-1", {"prefecture-officer@areas/310000"});
  CallerWith("officer-2", {"prefecture-officer@areas/310000"});
  ASSERT_EQ(Said(CreateBy(service.OnBehalfOf("officer-1"), "one", "r-1")), "OK");
  EXPECT_EQ(Said(CreateBy(service.OnBehalfOf("officer-2"), "two", "r-1")), "OK") << "another person's request";
  EXPECT_EQ(Said(CreateBy(service.OnBehalfOf("officer-1"), "one", "r-1")), "OK") << "the same again";
  EXPECT_EQ(Said(CreateBy(first, "one", "r-1")), "OK") << "the same person without the service";
  EXPECT_EQ(Said(CreateBy(service.OnBehalfOf("officer-1"), "other", "r-1")),
            "INVALID_ARGUMENT REQUEST_ID_REUSED request_id:REQUEST_ID_REUSED");
  EXPECT_EQ(Said(CreateBy(service.OnBehalfOf("officer-2"), "one", "r-2")), "ALREADY_EXISTS FACILITY_EXISTS");
}

}  // namespace
}  // namespace tsunagu::wire
