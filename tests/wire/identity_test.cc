// Callers without an API key: with a token of a trusted issuer, or a client certificate.
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/access/access.h"
#include "common/base/digest.h"
#include "common/base/entropy.h"
#include "common/rpc/call.h"
#include "common/service/service.h"
#include "common/testing/token_signer.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using jose::JwkSet;
using jose::TokenSigner;
using testing::ElementsAre;
using testing::Pair;

constexpr char kIssuer[] = "https://id.example";
constexpr char kSpiffe[] = "uri:spiffe://pref31/hr";

platform_v1::Identity OfToken(const std::string& value, const std::string& claim = "",
                              const std::string& issuer = kIssuer) {
  platform_v1::Identity identity;
  identity.set_issuer(issuer);
  identity.set_claim(claim);
  identity.set_value(value);
  return identity;
}
platform_v1::Identity OfCertificate(const std::string& name) {
  platform_v1::Identity identity;
  identity.set_certificate(name);
  return identity;
}

class IdentityTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    folder_ = absl::StrCat(::testing::TempDir(), "/tsunagu-issuers-", Base32(Entropy::System().Bytes(10)));
    std::filesystem::create_directories(folder_);
    Write("keys.json", JwkSet({staff_.Jwk()}));
    Write("issuers.yaml", absl::StrCat("- issuer: ", kIssuer, "\n  audience: urn:tsunagu\n  keys: keys.json\n"));
    server().config().jwt_issuers = folder_ + "/issuers.yaml";
    server().Restart();
    CreateAreas();
    Create("tottori", AFacility("とっとり", "areas/312011"));
    Create("matsue", AFacility("まつえ", "areas/322016"));
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  void Write(const std::string& file, const std::string& text) {
    const std::string path = folder_ + "/" + file;
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  }
  // Members behind those of every token: R"("sub":"x")".
  std::string Claims(const std::string& more, absl::Duration left = absl::Minutes(5)) {
    return absl::StrCat(R"({"iss":")", kIssuer, R"(","aud":"urn:tsunagu","exp":)",
                        absl::ToUnixSeconds(clock().Now() + left), ",", more, "}");
  }
  std::string Token(const std::string& subject, absl::Duration left = absl::Minutes(5)) {
    return staff_.Token(Claims(absl::StrCat(R"("sub":")", subject, "\""), left));
  }
  std::string Set(const std::string& id, const std::vector<platform_v1::Identity>& identities,
                  const std::string& grant = "prefecture-officer@areas/310000",
                  const std::string& service = "registry") {
    platform_v1::SetPrincipalRequest request;
    request.set_parent("services/" + service);
    request.set_principal_id(id);
    const std::vector<std::string> parts = absl::StrSplit(grant, '@');
    *request.mutable_principal()->add_grants() = AGrant(parts[0], parts[1]);
    for (const platform_v1::Identity& one : identities) *request.mutable_principal()->add_identities() = one;
    return Said(admin().Call<platform_v1::Principal>("platform.v1.AccessService/SetPrincipal", request));
  }
  std::string Says(const std::string& token, const char* facility = "facilities/tottori") {
    return Said(GetFacility(server().CallerWith(token), facility));
  }
  // With a certificate that a transport has verified: who it is, or why it is nobody.
  std::string Who(const std::vector<std::string>& names, const std::string& authorization = "",
                  const std::string& on_behalf_of = "") {
    rpc::Headers headers;
    headers.certificate_names = names;
    headers.authorization = authorization;
    headers.on_behalf_of = on_behalf_of;
    const auto principal = server().host().Find("registry")->access().Authenticate(headers);
    if (!principal.ok()) return std::string(ReasonOf(principal.status()).word());
    return principal->on_behalf_of.empty() ? principal->id
                                           : absl::StrCat(principal->id, " for ", principal->on_behalf_of);
  }
  // Asks until it is said; a change of a file holds within seconds.
  std::string SaysInTheEnd(const std::string& token, const std::string& wanted) {
    const Deadline deadline = Deadline::After(absl::Seconds(20));
    std::string said;
    do said = Says(token);
    while (said != wanted && !deadline.Over());
    return said;
  }

  const TokenSigner staff_ = TokenSigner::Ec("staff-1");
  std::string folder_;
};
WIRE_TEST_ON_BOTH(IdentityTest);

TEST_P(IdentityTest, ATokenIsACallerWithItsGrants) {
  EXPECT_EQ(Set("officer", {OfToken("5f3c")}), "OK");
  EXPECT_EQ(Says(Token("5f3c")), "OK");
  EXPECT_EQ(Says(Token("5f3c"), "facilities/matsue"), "NOT_FOUND FACILITY_NOT_FOUND");
  EXPECT_EQ(Says(Token("5f3d")), "UNAUTHENTICATED IDENTITY_UNKNOWN");
  platform_v1::ListRolesRequest roles;
  roles.set_parent("services/registry");
  EXPECT_EQ(Said(server()
                     .CallerWith(Token("5f3c"))
                     .Call<platform_v1::ListRolesResponse>("platform.v1.AccessService/ListRoles", roles)),
            "PERMISSION_DENIED PERMISSION_DENIED");
  // The caller in the journal.
  registry_v1::UpdateFacilityRequest update;
  update.mutable_facility()->set_name("facilities/tottori");
  update.mutable_facility()->set_display_name("とっとり改");
  update.mutable_update_mask()->add_paths("display_name");
  EXPECT_EQ(Said(server()
                     .CallerWith(Token("5f3c"))
                     .Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", update)),
            "OK");
  EXPECT_THAT(Column(registry(), "SELECT `actor` FROM `journal` WHERE `method` = ?",
                     {absl::string_view("tsunagu.registry.v1.FacilityService/UpdateFacility")}),
              ElementsAre("officer"));
  // Not any more, at once.
  EXPECT_EQ(Set("officer", {}), "OK");
  EXPECT_EQ(Says(Token("5f3c")), "UNAUTHENTICATED IDENTITY_UNKNOWN");
}

TEST_P(IdentityTest, EachRefusalSaysWhatToDoAndNeverTheToken) {
  EXPECT_EQ(Set("officer", {OfToken("5f3c")}), "OK");
  const std::string good = Token("5f3c");
  const TokenSigner thief = TokenSigner::Ec("staff-1"), unknown = TokenSigner::Ec("staff-2");
  const std::string claims = Claims(R"("sub":"5f3c")");
  const auto with = [&](absl::string_view from, absl::string_view to) {
    return staff_.Token(absl::StrReplaceAll(claims, {{from, to}}));
  };
  const struct {
    const char* name;
    std::string token;
    const char* reason;
  } cases[] = {
      {"one second late", Token("5f3c", -absl::Seconds(1)), "TOKEN_EXPIRED"},
      {"another audience", with("urn:tsunagu", "urn:other"), "TOKEN_NOT_FOR_US"},
      {"another issuer", with(kIssuer, "https://thief.example"), "UNKNOWN_ISSUER"},
      {"no exp", with("\"exp\"", "\"x\""), "TOKEN_CLAIM_UNUSABLE"},
      {"an unknown key", unknown.Token(claims), "UNKNOWN_SIGNING_KEY"},
      {"a thief's key", thief.Token(claims), "TOKEN_SIGNATURE_WRONG"},
      {"alg: none", absl::StrCat(jose::ToBase64Url(R"({"alg":"none"})"), ".", jose::ToBase64Url(claims), "."),
       "TOKEN_ALGORITHM_REFUSED"},
      {"crit", staff_.Token(R"({"alg":"ES256","kid":"staff-1","crit":["x"],"x":1})", claims),
       "TOKEN_EXTENSION_REFUSED"},
      {"another type", staff_.Token(R"({"alg":"ES256","kid":"staff-1","typ":"logout+jwt"})", claims),
       "TOKEN_TYPE_REFUSED"},
      {"not yet", staff_.Token(Claims(absl::StrCat(R"("sub":"5f3c","nbf":)", absl::ToUnixSeconds(clock().Now()) + 1))),
       "TOKEN_NOT_YET_VALID"},
      {"cut", good.substr(0, good.size() - 1), "TOKEN_MALFORMED"},
      {"bound to a certificate", staff_.Token(Claims(R"("sub":"5f3c","cnf":{"x5t#S256":"AAAA"})")),
       "TOKEN_OF_ANOTHER_CERTIFICATE"},
      {"nobody's", Token("nobody"), "IDENTITY_UNKNOWN"},
  };
  for (const auto& c : cases) {
    for (const Language language : {Language::kJapanese, Language::kEnglish}) {
      const absl::Status said = GetFacility(server().CallerWith(c.token).In(language), "facilities/tottori").status();
      EXPECT_EQ(Said(said), absl::StrCat("UNAUTHENTICATED ", c.reason)) << c.name;
      for (const absl::string_view part : absl::StrSplit(c.token, '.')) {
        EXPECT_FALSE(!part.empty() && absl::StrContains(said.ToString(), part)) << c.name;
      }
    }
  }
  EXPECT_EQ(Says(good), "OK");
}

TEST_P(IdentityTest, ItEndsToTheSecond) {
  EXPECT_EQ(Set("officer", {OfToken("5f3c")}), "OK");
  const std::string token = Token("5f3c", absl::Seconds(2));
  EXPECT_EQ(Says(token), "OK");
  clock().Advance(absl::Milliseconds(1999));
  EXPECT_EQ(Says(token), "OK");
  clock().Advance(absl::Milliseconds(1));
  EXPECT_EQ(Says(token), "UNAUTHENTICATED TOKEN_EXPIRED");
}

TEST_P(IdentityTest, KeysRotateWithoutARestart) {
  EXPECT_EQ(Set("officer", {OfToken("5f3c")}), "OK");
  const TokenSigner next = TokenSigner::Ed25519("staff-2");
  const std::string old_token = Token("5f3c"), new_token = next.Token(Claims(R"("sub":"5f3c")"));
  EXPECT_EQ(Says(old_token), "OK");
  EXPECT_EQ(Says(new_token), "UNAUTHENTICATED UNKNOWN_SIGNING_KEY");
  Write("keys.json", JwkSet({staff_.Jwk(), next.Jwk()}));
  EXPECT_EQ(SaysInTheEnd(new_token, "OK"), "OK");
  EXPECT_EQ(Says(old_token), "OK");
  // An unusable file changes nothing; the next valid one is used.
  Write("keys.json", "{");
  Write("issuers.yaml", absl::StrCat("- issuer: ", kIssuer, "\n  audience: urn:tsunagu\n  keys: others.json\n"));
  EXPECT_EQ(Says(old_token), "OK");
  Write("others.json", JwkSet({next.Jwk()}));
  EXPECT_EQ(SaysInTheEnd(old_token, "UNAUTHENTICATED UNKNOWN_SIGNING_KEY"), "UNAUTHENTICATED UNKNOWN_SIGNING_KEY");
  EXPECT_EQ(Says(new_token), "OK");
  // Another audience is a setting too.
  Write("issuers.yaml", absl::StrCat("- issuer: ", kIssuer, "\n  audience: [urn:other]\n  keys: others.json\n"));
  EXPECT_EQ(SaysInTheEnd(new_token, "UNAUTHENTICATED TOKEN_NOT_FOR_US"), "UNAUTHENTICATED TOKEN_NOT_FOR_US");
}

TEST_P(IdentityTest, AServerDoesNotStartWithIssuersThatItCannotUse) {
  const std::string good = absl::StrCat("- issuer: ", kIssuer, "\n  audience: urn:tsunagu\n  keys: keys.json\n");
  const struct {
    const char* name;
    std::string issuers;
    const char* says;
  } cases[] = {
      {"no file of keys", absl::StrReplaceAll(good, {{"keys.json", "absent.json"}}), "absent.json"},
      {"keys that are none", absl::StrReplaceAll(good, {{"keys.json", "issuers.yaml"}}), "no JWK set"},
      {"no YAML", "- [", "not readable"},
      {"no list", "issuer: x", "no list of issuers"},
      {"an empty list", "[]", "no list of issuers"},
      {"no audience", absl::StrReplaceAll(good, {{"  audience: urn:tsunagu\n", ""}}), "are needed"},
      {"an empty audience", absl::StrReplaceAll(good, {{"urn:tsunagu", "''"}}), "are needed"},
      {"keys and an address", good + "  keys_url: https://id.example/jwks\n  ca_file: ca.pem\n", "are needed"},
      {"an address without its authority",
       absl::StrReplaceAll(good, {{"keys: keys.json", "keys_url: https://id.example/jwks"}}), "are needed"},
      {"an address without TLS",
       absl::StrReplaceAll(good, {{"keys: keys.json", "keys_url: http://id.example/jwks\n  ca_file: ca.pem"}}),
       "keys_url is https://host/path"},
      {"a setting too many", good + "  algorithms: none\n", "no setting algorithms"},
      {"too much leeway", good + "  leeway_seconds: 61\n", "0 to 60"},
      {"twice the same", good + good, "twice"},
  };
  for (const auto& c : cases) {
    server().Stop();
    Write("issuers.yaml", c.issuers);
    const absl::Status started = server().Start();
    EXPECT_TRUE(absl::StrContains(started.message(), c.says)) << c.name << ": " << started;
  }
  // The server starts even if an address cannot be reached.
  Write("issuers.yaml",
        absl::StrReplaceAll(good, {{"keys: keys.json", "keys_url: https://127.0.0.1:9/\n  ca_file: ca.pem"}}));
  server().Restart();
  EXPECT_EQ(Says(Token("5f3c")), "UNAUTHENTICATED UNKNOWN_SIGNING_KEY");
  server().config().jwt_issuers = "";
  server().Restart();
  EXPECT_EQ(Says(Token("5f3c")), "UNAUTHENTICATED UNKNOWN_ISSUER");
  EXPECT_EQ(Said(GetFacility(admin(), "facilities/tottori")), "OK");
}

TEST_P(IdentityTest, AClaimThatIsNotTheSubject) {
  EXPECT_EQ(Set("batch", {OfToken("batch-31", "client_id")}), "OK");
  EXPECT_EQ(Set("office", {OfToken("office-3", "groups")}), "OK");
  EXPECT_EQ(Set("officer", {OfToken("5f3c")}), "OK");
  EXPECT_EQ(Says(staff_.Token(Claims(R"("client_id":"batch-31")"))), "OK");
  EXPECT_EQ(Says(staff_.Token(Claims(R"("groups":["others","office-3"])"))), "OK");
  EXPECT_EQ(Says(staff_.Token(Claims(R"("groups":"office-3")"))), "OK");
  EXPECT_EQ(Says(staff_.Token(Claims(R"("sub":"batch-31")"))), "UNAUTHENTICATED IDENTITY_UNKNOWN") << "another claim";
  EXPECT_EQ(Says(staff_.Token(Claims(R"("groups":[["office-3"]])"))), "UNAUTHENTICATED IDENTITY_UNKNOWN");
  EXPECT_EQ(Says(staff_.Token(Claims(R"("groups":{"office-3":1})"))), "UNAUTHENTICATED IDENTITY_UNKNOWN");
  EXPECT_EQ(Says(staff_.Token(Claims(R"("sub":"5f3c","groups":["office-3"])"))), "UNAUTHENTICATED IDENTITY_AMBIGUOUS");
}

TEST_P(IdentityTest, ACertificateIsACaller) {
  const std::string fingerprint = "sha256:" + std::string(64, 'a');
  EXPECT_EQ(Set("hr", {OfCertificate(kSpiffe), OfCertificate("dns:hr.pref.example.jp")}), "OK");
  EXPECT_EQ(Set("kiosk", {OfCertificate(fingerprint)}), "OK");
  EXPECT_EQ(Set("officer", {OfToken("5f3c")}), "OK");
  EXPECT_EQ(Who({kSpiffe, "sha256:" + std::string(64, 'b')}), "hr");
  EXPECT_EQ(Who({"dns:hr.pref.example.jp"}), "hr");
  EXPECT_EQ(Who({kSpiffe, "dns:hr.pref.example.jp"}), "hr") << "two names of one caller";
  EXPECT_EQ(Who({fingerprint}), "kiosk");
  EXPECT_EQ(Who({kSpiffe, fingerprint}), "IDENTITY_AMBIGUOUS");
  EXPECT_EQ(Who({"uri:spiffe://pref31/hr2"}), "CERTIFICATE_UNKNOWN");
  EXPECT_EQ(Who({}), "UNAUTHENTICATED");
  // The authorization decides, also where it is worth nothing.
  EXPECT_EQ(Who({kSpiffe}, "Bearer " + Token("5f3c")), "officer");
  EXPECT_EQ(Who({kSpiffe}, "Bearer tsunagu_guessed"), "UNAUTHENTICATED");
  EXPECT_EQ(Who({kSpiffe}, "Bearer " + Token("5f3c", absl::ZeroDuration())), "TOKEN_EXPIRED");
  EXPECT_EQ(Who({kSpiffe}, "Basic eDp5"), "UNAUTHENTICATED");
  // A token that is bound to a certificate (RFC 8705).
  const std::string bound =
      "Bearer " + staff_.Token(Claims(absl::StrCat(R"("sub":"5f3c","cnf":{"x5t#S256":")",
                                                   jose::ToBase64Url(std::string(32, '\xaa')), "\"}")));
  EXPECT_EQ(Who({fingerprint}, bound), "officer");
  EXPECT_EQ(Who({kSpiffe}, bound), "TOKEN_OF_ANOTHER_CERTIFICATE");
  EXPECT_EQ(Who({}, bound), "TOKEN_OF_ANOTHER_CERTIFICATE");
  const std::string dpop = "Bearer " + staff_.Token(Claims(R"("sub":"5f3c","cnf":{"jkt":"AAAA"})"));
  EXPECT_EQ(Who({fingerprint}, dpop), "TOKEN_OF_ANOTHER_CERTIFICATE");
}

TEST_P(IdentityTest, AServiceByItsCertificateActsForSomebody) {
  EXPECT_EQ(Set("matching-31", {OfCertificate("uri:spiffe://pref31/matching")}, "service@*"), "OK");
  EXPECT_EQ(Set("officer", {OfToken("5f3c")}), "OK");
  EXPECT_EQ(Who({"uri:spiffe://pref31/matching"}, "", "officer"), "matching-31 for officer");
  EXPECT_EQ(Who({"uri:spiffe://pref31/matching"}, "", "nobody"), "PRINCIPAL_UNKNOWN");
  EXPECT_EQ(Who({}, "Bearer " + Token("5f3c"), "officer"), "PERMISSION_DENIED");
}

TEST_P(IdentityTest, NoIdentityIsSomebodyElses) {
  EXPECT_EQ(Set("officer", {OfToken("5f3c"), OfCertificate(kSpiffe)}), "OK");
  EXPECT_EQ(Set("other", {OfToken("5f3c")}), "INVALID_ARGUMENT INVALID_REQUEST principal.identities[0]:IDENTITY_TAKEN");
  EXPECT_EQ(Set("other", {OfToken("5f3c", "sub")}),
            "INVALID_ARGUMENT INVALID_REQUEST principal.identities[0]:IDENTITY_TAKEN")
      << "said in another way";
  EXPECT_EQ(Set("other", {OfToken("x"), OfCertificate(kSpiffe)}),
            "INVALID_ARGUMENT INVALID_REQUEST principal.identities[1]:IDENTITY_TAKEN");
  EXPECT_EQ(Says(Token("x")), "UNAUTHENTICATED IDENTITY_UNKNOWN") << "nothing half done";
  EXPECT_EQ(Set("other", {OfToken("5f3c", "", "https://other.example"), OfToken("5f3c", "client_id")}), "OK");
  EXPECT_EQ(Set("officer", {OfToken("5f3c")}), "OK") << "its own again";
  EXPECT_EQ(Set("other", {OfCertificate(kSpiffe)}), "OK") << "given up by the first";
  EXPECT_EQ(Set("officer", {OfToken("5f3c")}, "centre-staff@*", "matching"), "OK")
      << "each service has its own callers";
}

TEST_P(IdentityTest, WhatIsNoIdentityIsNamedAllAtOnce) {
  platform_v1::Identity both = OfToken("x"), no_issuer = OfToken("x", "", "");
  both.set_certificate(kSpiffe);
  const std::string said =
      Set("odd",
          {platform_v1::Identity(), both, no_issuer, OfToken(""), OfToken("a\nb"), OfToken("x", "a\nb"),
           OfCertificate("spiffe://pref31/hr"), OfCertificate("dns:HR.example"), OfCertificate("dns:"),
           OfCertificate("uri:hr"), OfCertificate("sha256:aa"), OfCertificate("sha256:" + std::string(64, 'A')),
           OfCertificate("cn:見本"), OfToken("good")},
          "emperor@*");
  EXPECT_EQ(said,
            "INVALID_ARGUMENT INVALID_REQUEST principal.grants[0].role:REFERENCE_NOT_FOUND "
            "principal.identities[0]:IDENTITY_MALFORMED principal.identities[10]:IDENTITY_MALFORMED "
            "principal.identities[11]:IDENTITY_MALFORMED principal.identities[12]:IDENTITY_MALFORMED "
            "principal.identities[1]:IDENTITY_MALFORMED principal.identities[2]:IDENTITY_MALFORMED "
            "principal.identities[3]:IDENTITY_MALFORMED principal.identities[4]:IDENTITY_MALFORMED "
            "principal.identities[5]:IDENTITY_MALFORMED principal.identities[6]:IDENTITY_MALFORMED "
            "principal.identities[7]:IDENTITY_MALFORMED principal.identities[8]:IDENTITY_MALFORMED "
            "principal.identities[9]:IDENTITY_MALFORMED");
  EXPECT_EQ(Set("many", std::vector<platform_v1::Identity>(21, OfToken("x"))),
            "INVALID_ARGUMENT INVALID_REQUEST principal.identities:TOO_MANY_ITEMS");
}

TEST_P(IdentityTest, OfEightWhoWantItOneGetsIt) {
  for (int round = 0; round < 3; ++round) {
    const std::string subject = absl::StrCat("round-", round), name = absl::StrCat("uri:spiffe://pref31/round-", round);
    const std::map<std::string, int> told = EightAtOnce([&](int i) {
      return Set(absl::StrCat("writer-", round, "-", i), {OfToken(subject), OfCertificate(name)});
    });
    EXPECT_THAT(told, ElementsAre(Pair("INVALID_ARGUMENT INVALID_REQUEST principal.identities[0]:IDENTITY_TAKEN "
                                       "principal.identities[1]:IDENTITY_TAKEN",
                                       7),
                                  Pair("OK", 1)));
    EXPECT_EQ(Says(Token(subject)), "OK");
    EXPECT_TRUE(absl::StartsWith(Who({name}), "writer-"));
  }
}

}  // namespace
}  // namespace tsunagu::wire
