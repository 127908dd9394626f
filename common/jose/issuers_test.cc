// Which tokens are accepted and which are refused, and why.
#include "common/jose/issuers.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/jose/base64url.h"
#include "common/jose/token.h"
#include "common/testing/token_signer.h"
#include "gtest/gtest.h"

namespace tsunagu::jose {
namespace {

const TokenSigner& Rsa() {
  static const auto& key = *new TokenSigner(TokenSigner::Rsa("r1"));
  return key;
}
const TokenSigner& Pss() {
  static const auto& key = *new TokenSigner(TokenSigner::Rsa("p1"));
  return key;
}
const TokenSigner& Ec() {
  static const auto& key = *new TokenSigner(TokenSigner::Ec("e1"));
  return key;
}
const TokenSigner& Ed() {
  static const auto& key = *new TokenSigner(TokenSigner::Ed25519("d1"));
  return key;
}
// The single key of another issuer.
const TokenSigner& Lone() {
  static const auto& key = *new TokenSigner(TokenSigner::Rsa("lone"));
  return key;
}

constexpr int64_t kNow = 1'800'000'000;
absl::Time Now() { return absl::FromUnixSeconds(kNow); }

KeySet Keys(const std::string& json) {
  absl::StatusOr<KeySet> keys = KeySet::Parse(json);
  EXPECT_TRUE(keys.ok()) << keys.status();
  return *std::move(keys);
}

Issuer Staff() {
  return {
      "https://id.example",
      {"urn:tsunagu", "urn:tsunagu:2"},
      absl::ZeroDuration(),
      Keys(JwkSet({Rsa().Jwk(R"("alg":"RS256","use":"sig")"), Pss().Jwk(R"("alg":"PS256")"), Ec().Jwk(), Ed().Jwk()}))};
}
Issuer Machines() {
  return {"https://machines.example", {"urn:tsunagu"}, absl::Seconds(30), Keys(JwkSet({Lone().Jwk()}))};
}

std::string Header(absl::string_view algorithm, absl::string_view id, absl::string_view more = "") {
  return absl::StrCat(R"({"alg":")", algorithm, R"(","kid":")", id, "\"", more, "}");
}
// Members replace those of a good token: Claims({{"aud", "\"x\""}}); an empty text removes one.
std::string Claims(std::map<std::string, std::string> members = {}) {
  std::map<std::string, std::string> all = {{"iss", "\"https://id.example\""},
                                            {"aud", "\"urn:tsunagu\""},
                                            {"sub", "\"officer-1\""},
                                            {"iat", absl::StrCat(kNow - 60)},
                                            {"exp", absl::StrCat(kNow + 300)}};
  for (auto& [name, value] : members) all[name] = value;
  std::vector<std::string> texts;
  for (const auto& [name, value] : all) {
    if (!value.empty()) texts.push_back(absl::StrCat("\"", name, "\":", value));
  }
  return absl::StrCat("{", absl::StrJoin(texts, ","), "}");
}
std::string OfMachines() { return Claims({{"iss", "\"https://machines.example\""}}); }

std::string Parts(absl::string_view header, absl::string_view claims, absl::string_view signature) {
  return absl::StrCat(ToBase64Url(header), ".", ToBase64Url(claims), ".", ToBase64Url(signature));
}
std::string Good() { return Ec().Token(Claims()); }
std::string Part(const std::string& token, int i) {
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  return parts[i];
}
std::string SignatureOf(const std::string& token) { return *FromBase64Url(Part(token, 2)); }
std::string WithSignature(const std::string& token, const std::string& signature) {
  return absl::StrCat(Part(token, 0), ".", Part(token, 1), ".", ToBase64Url(signature));
}
std::string Hmac(const std::string& key, absl::string_view header) {
  const std::string text = absl::StrCat(ToBase64Url(header), ".", ToBase64Url(Claims()));
  return absl::StrCat(text, ".", ToBase64Url(HmacSha256(key, text)));
}
// The same bytes in another spelling, when the last character has unused bits.
std::string LastBitsSet(std::string text) {
  constexpr absl::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  text.back() = kDigits[kDigits.find(text.back()) | 1];
  return text;
}
// s and n - s are both valid for the same text; r + n does not fit into 32 bytes for most r.
std::string Twisted(const std::string& signature) {
  constexpr char kOrder[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  return absl::HexStringToBytes(kOrder) + signature.substr(32);
}
std::string PlusOrderOfEd25519(std::string signature) {
  const std::string order = absl::HexStringToBytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  int carry = 0;
  for (size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned char>(signature[32 + i]) + static_cast<unsigned char>(order[i]);
    signature[32 + i] = static_cast<char>(carry);
    carry >>= 8;
  }
  return signature;
}
std::string Nested(int levels) { return std::string(levels, '[') + std::string(levels, ']'); }
std::string Flipped(std::string bytes, size_t at = 7) {
  bytes[at] ^= 1;
  return bytes;
}

class IssuersTest : public ::testing::Test {
 protected:
  IssuersTest() { issuers_.Set({Staff(), Machines()}); }
  std::string Says(const std::string& token, absl::Time now = Now()) {
    const auto claims = issuers_.Verify(token, now);
    return claims.ok() ? "OK" : std::string(ReasonOf(claims.status()).word());
  }
  Issuers issuers_;
};

struct Case {
  const char* name;
  std::string token;
  const char* says;
};

TEST_F(IssuersTest, WhatIsTaken) {
  const Case cases[] = {
      {"RS256", Rsa().Token(Header("RS256", "r1"), Claims()), "OK"},
      {"PS256", Pss().Token(Header("PS256", "p1"), Claims(), "PS256"), "OK"},
      {"ES256", Good(), "OK"},
      {"EdDSA", Ed().Token(Header("EdDSA", "d1"), Claims()), "OK"},
      {"Ed25519", Ed().Token(Header("Ed25519", "d1"), Claims()), "OK"},
      {"typ at+jwt", Ec().Token(Header("ES256", "e1", R"(,"typ":"at+jwt")"), Claims()), "OK"},
      {"typ whole", Ec().Token(Header("ES256", "e1", R"(,"typ":"application/AT+JWT")"), Claims()), "OK"},
      {"typ JWT", Ec().Token(Header("ES256", "e1", R"(,"typ":"JWT")"), Claims()), "OK"},
      {"no typ", Ec().Token(Header("ES256", "e1"), Claims()), "OK"},
      {"one of many audiences", Ec().Token(Claims({{"aud", R"(["urn:other","urn:tsunagu:2"])"}})), "OK"},
      {"a second is left", Ec().Token(Claims({{"exp", absl::StrCat(kNow + 1)}})), "OK"},
      {"half a second is left", Ec().Token(Claims({{"exp", absl::StrCat(kNow, ".5")}})), "OK"},
      {"valid from now", Ec().Token(Claims({{"nbf", absl::StrCat(kNow)}})), "OK"},
      {"no iat", Ec().Token(Claims({{"iat", ""}})), "OK"},
      {"no kid, one key", Lone().Token(R"({"alg":"RS256"})", OfMachines()), "OK"},
      {"a key without alg: RS256", Lone().Token(Header("RS256", "lone"), OfMachines()), "OK"},
      {"a key without alg: PS256", Lone().Token(Header("PS256", "lone"), OfMachines(), "PS256"), "OK"},
      {"within the leeway",
       Lone().Token(Claims({{"iss", "\"https://machines.example\""},
                            {"exp", absl::StrCat(kNow - 29)},
                            {"nbf", absl::StrCat(kNow - 100)}})),
       "OK"},
      {"a key of its own, not looked at",
       Ec().Token(Header("ES256", "e1", absl::StrCat(",\"jwk\":", Ed().Jwk())), Claims()), "OK"},
      {"spaces in JSON", Ec().Token(" { \"alg\" : \"ES256\" ,\n\"kid\":\"e1\" } ", Claims()), "OK"},
  };
  for (const Case& c : cases) EXPECT_EQ(Says(c.token), c.says) << c.name;
}

TEST_F(IssuersTest, WhatCannotBeRead) {
  const std::string good = Good(), header = Part(good, 0), claims = Part(good, 1), signature = Part(good, 2);
  const Case cases[] = {
      {"nothing", "", "TOKEN_MALFORMED"},
      {"one part", header, "TOKEN_MALFORMED"},
      {"two parts", absl::StrCat(header, ".", claims), "TOKEN_MALFORMED"},
      {"four parts", absl::StrCat(good, ".", signature), "TOKEN_MALFORMED"},
      {"five parts: encrypted", absl::StrCat(good, ".", claims, ".", signature), "TOKEN_MALFORMED"},
      {"dots only", "..", "TOKEN_MALFORMED"},
      {"no header", absl::StrCat(".", claims, ".", signature), "TOKEN_MALFORMED"},
      {"no claims", absl::StrCat(header, "..", signature), "TOKEN_MALFORMED"},
      {"padding of the header", absl::StrCat(header, "=.", claims, ".", signature), "TOKEN_MALFORMED"},
      {"padding of the claims", absl::StrCat(header, ".", claims, "==.", signature), "TOKEN_MALFORMED"},
      {"padding of the signature", absl::StrCat(good, "=="), "TOKEN_MALFORMED"},
      {"bits left over", LastBitsSet(good), "TOKEN_MALFORMED"},
      {"base64 of another alphabet", absl::StrCat(header, ".", claims, ".", std::string(43, '+'), std::string(43, '/')),
       "TOKEN_MALFORMED"},
      {"a line end behind it", absl::StrCat(good, "\n"), "TOKEN_MALFORMED"},
      {"a space in front of it", absl::StrCat(" ", good), "TOKEN_MALFORMED"},
      {"a line end within it", absl::StrCat(header, ".\n", claims, ".", signature), "TOKEN_MALFORMED"},
      {"a NUL behind it", good + std::string(1, '\0'), "TOKEN_MALFORMED"},
      {"too long", Ec().Token(Claims({{"sub", absl::StrCat("\"", std::string(9000, 'x'), "\"")}})), "TOKEN_MALFORMED"},
      {"header is no JSON", Parts("alg=none", Claims(), "x"), "TOKEN_MALFORMED"},
      {"header is a list", Parts("[]", Claims(), "x"), "TOKEN_MALFORMED"},
      {"header is a text", Parts("\"ES256\"", Claims(), "x"), "TOKEN_MALFORMED"},
      {"header with alg twice", Ec().Token(R"({"alg":"none","alg":"ES256","kid":"e1"})", Claims()), "TOKEN_MALFORMED"},
      {"header with kid twice", Ec().Token(R"({"alg":"ES256","kid":"x","kid":"e1"})", Claims()), "TOKEN_MALFORMED"},
      {"alg is a number", Ec().Token(R"({"alg":256,"kid":"e1"})", Claims()), "TOKEN_MALFORMED"},
      {"alg is null", Ec().Token(R"({"alg":null,"kid":"e1"})", Claims()), "TOKEN_MALFORMED"},
      {"alg is a list", Ec().Token(R"({"alg":["ES256"],"kid":"e1"})", Claims()), "TOKEN_MALFORMED"},
      {"kid is a number", Ec().Token(R"({"alg":"ES256","kid":1})", Claims()), "TOKEN_MALFORMED"},
      {"kid is an object", Ec().Token(R"({"alg":"ES256","kid":{"$ne":""}})", Claims()), "TOKEN_MALFORMED"},
      {"typ is a number", Ec().Token(R"({"alg":"ES256","kid":"e1","typ":1})", Claims()), "TOKEN_MALFORMED"},
      {"claims are no JSON", Ec().Token("sub=officer-1"), "TOKEN_MALFORMED"},
      {"claims are a list", Ec().Token("[]"), "TOKEN_MALFORMED"},
      {"claims are null", Ec().Token("null"), "TOKEN_MALFORMED"},
      {"exp twice", Ec().Token(absl::StrReplaceAll(Claims(), {{"\"exp\":", "\"exp\":1,\"exp\":"}})), "TOKEN_MALFORMED"},
      {"iss twice, one escaped", Ec().Token(absl::StrReplaceAll(Claims(), {{"\"iss\":", R"("\u0069ss":"x","iss":)"}})),
       "TOKEN_MALFORMED"},
      {"a member twice, deep in it", Ec().Token(Claims({{"x", R"([{"a":[{"b":1,"b":1}]}])"}})), "TOKEN_MALFORMED"},
      {"a byte order mark", Ec().Token("\xEF\xBB\xBF" + Claims()), "TOKEN_MALFORMED"},
      {"no UTF-8", Ec().Token(Claims({{"x", "\"\xFF\""}})), "TOKEN_MALFORMED"},
      {"half a surrogate pair", Ec().Token(Claims({{"x", R"("\ud800")"}})), "TOKEN_MALFORMED"},
      {"a bare control character", Ec().Token(Claims({{"x", "\"\n\""}})), "TOKEN_MALFORMED"},
      {"something behind the claims", Ec().Token(Claims() + "{}"), "TOKEN_MALFORMED"},
      {"a comma too many", Ec().Token(absl::StrReplaceAll(Claims(), {{"}", ",}"}})), "TOKEN_MALFORMED"},
      {"a comment", Ec().Token(Claims({{"x", "1/**/"}})), "TOKEN_MALFORMED"},
      {"NaN", Ec().Token(Claims({{"x", "NaN"}})), "TOKEN_MALFORMED"},
      {"a number no double holds", Ec().Token(Claims({{"exp", "1e999"}})), "TOKEN_MALFORMED"},
      {"a leading zero", Ec().Token(Claims({{"exp", absl::StrCat("0", kNow + 1)}})), "TOKEN_MALFORMED"},
      {"too deep", Ec().Token(Claims({{"x", Nested(Json::kMostLevels)}})), "TOKEN_MALFORMED"},
      {"a bomb", Ec().Token(Claims({{"x", std::string(5000, '[')}})), "TOKEN_MALFORMED"},
  };
  for (const Case& c : cases) EXPECT_EQ(Says(c.token), c.says) << c.name;
}

TEST_F(IssuersTest, TheKeyDecidesTheAlgorithm) {
  const char* kRefused = "TOKEN_ALGORITHM_REFUSED";
  const Case cases[] = {
      {"none", Parts(Header("none", "e1"), Claims(), ""), kRefused},
      {"None", Parts(Header("None", "e1"), Claims(), ""), kRefused},
      {"NONE", Parts(Header("NONE", "e1"), Claims(), ""), kRefused},
      {"none, with the signature of another", Ec().Token(Header("none", "e1"), Claims()), kRefused},
      {"no alg", Ec().Token(R"({"kid":"e1"})", Claims()), kRefused},
      {"an empty alg", Ec().Token(Header("", "e1"), Claims()), kRefused},
      {"another spelling", Ec().Token(Header("es256", "e1"), Claims()), kRefused},
      {"a space behind it", Ec().Token(Header("ES256 ", "e1"), Claims()), kRefused},
      {"HS256 with the public key as secret", Hmac(Rsa().Jwk(), Header("HS256", "r1")), kRefused},
      {"HS256 with nothing as secret", Hmac("", Header("HS256", "r1")), kRefused},
      {"HS512", Hmac("secret", Header("HS512", "r1")), kRefused},
      {"RS512", Rsa().Token(Header("RS512", "r1"), Claims()), kRefused},
      {"RS1", Rsa().Token(Header("RS1", "r1"), Claims()), kRefused},
      {"ES384", Ec().Token(Header("ES384", "e1"), Claims()), kRefused},
      {"ES256K", Ec().Token(Header("ES256K", "e1"), Claims()), kRefused},
      {"RSA-OAEP", Rsa().Token(Header("RSA-OAEP", "r1"), Claims()), kRefused},
      {"RS256 with an EC key", Rsa().Token(Header("RS256", "e1"), Claims()), kRefused},
      {"ES256 with an RSA key", Ec().Token(Header("ES256", "r1"), Claims()), kRefused},
      {"ES256 with an Ed25519 key", Ec().Token(Header("ES256", "d1"), Claims()), kRefused},
      {"EdDSA with an EC key", Ed().Token(Header("EdDSA", "e1"), Claims()), kRefused},
      {"PS256 with a key for RS256", Rsa().Token(Header("PS256", "r1"), Claims(), "PS256"), kRefused},
      {"RS256 with a key for PS256", Pss().Token(Header("RS256", "p1"), Claims()), kRefused},
      {"crit", Ec().Token(Header("ES256", "e1", R"(,"crit":["exp"],"exp":1)"), Claims()), "TOKEN_EXTENSION_REFUSED"},
      {"crit of nothing", Ec().Token(Header("ES256", "e1", R"(,"crit":[])"), Claims()), "TOKEN_EXTENSION_REFUSED"},
      {"crit of what nobody knows", Ec().Token(Header("ES256", "e1", R"(,"crit":["http://x"],"http://x":1)"), Claims()),
       "TOKEN_EXTENSION_REFUSED"},
      {"b64 false", Ec().Token(Header("ES256", "e1", R"(,"crit":["b64"],"b64":false)"), Claims()),
       "TOKEN_EXTENSION_REFUSED"},
      {"b64 false without crit", Ec().Token(Header("ES256", "e1", R"(,"b64":false)"), Claims()),
       "TOKEN_EXTENSION_REFUSED"},
      {"a DPoP proof", Ec().Token(Header("ES256", "e1", R"(,"typ":"dpop+jwt")"), Claims()), "TOKEN_TYPE_REFUSED"},
      {"a notice of sign-out", Ec().Token(Header("ES256", "e1", R"(,"typ":"logout+jwt")"), Claims()),
       "TOKEN_TYPE_REFUSED"},
      {"a security event", Ec().Token(Header("ES256", "e1", R"(,"typ":"application/secevent+jwt")"), Claims()),
       "TOKEN_TYPE_REFUSED"},
      {"a credential", Ec().Token(Header("ES256", "e1", R"(,"typ":"vc+jwt")"), Claims()), "TOKEN_TYPE_REFUSED"},
  };
  for (const Case& c : cases) EXPECT_EQ(Says(c.token), c.says) << c.name;
}

TEST_F(IssuersTest, OnlyTheIssuersKeysSign) {
  const char *kUnknown = "UNKNOWN_SIGNING_KEY", *kWrong = "TOKEN_SIGNATURE_WRONG";
  const TokenSigner thief = TokenSigner::Ec("e1");
  const std::string good = Good(), signature = SignatureOf(good);
  const std::string rs = Rsa().Token(Header("RS256", "r1"), Claims()), ed = Ed().Token(Header("EdDSA", "d1"), Claims());
  const std::string ps_text = absl::StrCat(ToBase64Url(Header("PS256", "p1")), ".", ToBase64Url(Claims()));
  const std::string order = absl::HexStringToBytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const Case cases[] = {
      {"unknown kid", Ec().Token(Header("ES256", "e2"), Claims()), kUnknown},
      {"no kid, several keys", Ec().Token(R"({"alg":"ES256"})", Claims()), kUnknown},
      {"an empty kid, several keys", Ec().Token(Header("ES256", ""), Claims()), kUnknown},
      {"the key of another issuer", Lone().Token(Header("RS256", "lone"), Claims()), kUnknown},
      {"a kid that is a path", Ec().Token(Header("ES256", "../../dev/null"), Claims()), kUnknown},
      {"a kid that is SQL", Ec().Token(Header("ES256", "' OR ''='"), Claims()), kUnknown},
      {"part of a kid", Ec().Token(Header("ES256", "e"), Claims()), kUnknown},
      {"a kid with a NUL", Ec().Token(Header("ES256", R"(e1\u0000)"), Claims()), kUnknown},
      {"a thief's key under a known kid", thief.Token(Claims()), kWrong},
      {"a thief's key brought along",
       thief.Token(Header("ES256", "e1", absl::StrCat(",\"jwk\":", thief.Jwk())), Claims()), kWrong},
      {"a thief's keys pointed to", thief.Token(Header("ES256", "e1", R"(,"jku":"https://thief.example")"), Claims()),
       kWrong},
      {"a thief's certificate", thief.Token(Header("ES256", "e1", R"(,"x5c":["MA=="],"x5u":"https://t")"), Claims()),
       kWrong},
      {"no signature", WithSignature(good, ""), kWrong},
      {"a bit of the signature", WithSignature(good, Flipped(signature)), kWrong},
      {"the signature cut", WithSignature(good, signature.substr(0, 63)), kWrong},
      {"a byte more", WithSignature(good, signature + '\0'), kWrong},
      {"r and s are 0", WithSignature(good, std::string(64, '\0')), kWrong},
      {"r and s are 1", WithSignature(good, std::string(31, '\0') + '\1' + std::string(31, '\0') + '\1'), kWrong},
      {"r and s are the order", WithSignature(good, order + order), kWrong},
      {"r is the order", WithSignature(good, Twisted(signature)), kWrong},
      {"s and r", WithSignature(good, signature.substr(32) + signature.substr(0, 32)), kWrong},
      {"a signature in DER", WithSignature(good, absl::HexStringToBytes("3006020101020101")), kWrong},
      {"the signature of other claims", WithSignature(good, SignatureOf(Ec().Token(Claims({{"sub", "\"x\""}})))),
       kWrong},
      {"other claims",
       absl::StrCat(Part(good, 0), ".", ToBase64Url(Claims({{"sub", "\"admin\""}})), ".", Part(good, 2)), kWrong},
      {"another header", absl::StrCat(ToBase64Url(Header("ES256", "e1")), ".", Part(good, 1), ".", Part(good, 2)),
       kWrong},
      {"a bit of an RSA signature", WithSignature(rs, Flipped(SignatureOf(rs))), kWrong},
      {"an RSA signature of 0", WithSignature(rs, std::string(256, '\0')), kWrong},
      {"an RSA signature of 1", WithSignature(rs, std::string(255, '\0') + '\1'), kWrong},
      {"an RSA signature with a zero in front", WithSignature(rs, '\0' + SignatureOf(rs)), kWrong},
      {"a short RSA signature", WithSignature(rs, "x"), kWrong},
      {"PKCS #1 for PSS", Pss().Token(Header("PS256", "p1"), Claims(), "RS256"), kWrong},
      {"PSS for PKCS #1", Rsa().Token(Header("RS256", "r1"), Claims(), "PS256"), kWrong},
      {"PSS without salt", absl::StrCat(ps_text, ".", ToBase64Url(Pss().Sign(ps_text, "PS256", 0))), kWrong},
      {"PSS with another salt", absl::StrCat(ps_text, ".", ToBase64Url(Pss().Sign(ps_text, "PS256", 20))), kWrong},
      {"a bit of an Ed25519 signature", WithSignature(ed, Flipped(SignatureOf(ed))), kWrong},
      {"an Ed25519 signature, moved on", WithSignature(ed, PlusOrderOfEd25519(SignatureOf(ed))), kWrong},
      {"an Ed25519 signature of 0", WithSignature(ed, std::string(64, '\0')), kWrong},
  };
  for (const Case& c : cases) EXPECT_EQ(Says(c.token), c.says) << c.name;
}

TEST_F(IssuersTest, ItIsForUsAndInTime) {
  const char *kClaim = "TOKEN_CLAIM_UNUSABLE", *kIssuer = "UNKNOWN_ISSUER", *kOthers = "TOKEN_NOT_FOR_US";
  const auto with = [](const char* claim, std::string value) {
    return Ec().Token(Claims({{claim, std::move(value)}}));
  };
  const Case cases[] = {
      {"no iss", with("iss", ""), kClaim},
      {"iss is empty", with("iss", "\"\""), kClaim},
      {"iss is a number", with("iss", "1"), kClaim},
      {"iss is a list", with("iss", R"(["https://id.example"])"), kClaim},
      {"another issuer", with("iss", "\"https://thief.example\""), kIssuer},
      {"iss with a slash more", with("iss", "\"https://id.example/\""), kIssuer},
      {"iss in capitals", with("iss", "\"HTTPS://ID.EXAMPLE\""), kIssuer},
      {"iss with a NUL", with("iss", R"("https://id.example\u0000")"), kIssuer},
      {"no aud", with("aud", ""), kClaim},
      {"aud is a number", with("aud", "1"), kClaim},
      {"aud is null", with("aud", "null"), kClaim},
      {"aud is an object", with("aud", R"({"urn:tsunagu":true})"), kClaim},
      {"aud is an empty list", with("aud", "[]"), kClaim},
      {"aud is empty", with("aud", "\"\""), kOthers},
      {"another audience", with("aud", "\"urn:other\""), kOthers},
      {"other audiences", with("aud", R"(["urn:other","account"])"), kOthers},
      {"part of our audience", with("aud", "\"urn:tsuna\""), kOthers},
      {"more than our audience", with("aud", "\"urn:tsunagu.thief.example\""), kOthers},
      {"our audience in capitals", with("aud", "\"URN:TSUNAGU\""), kOthers},
      {"our audience within a list", with("aud", R"([["urn:tsunagu"]])"), kClaim},
      {"the audience of another issuer",
       Lone().Token(Claims({{"iss", "\"https://machines.example\""}, {"aud", "\"urn:tsunagu:2\""}})), kOthers},
      {"no exp", with("exp", ""), kClaim},
      {"exp is a text", with("exp", absl::StrCat("\"", kNow + 300, "\"")), kClaim},
      {"exp is null", with("exp", "null"), kClaim},
      {"exp is true", with("exp", "true"), kClaim},
      {"exp is negative", with("exp", "-1"), kClaim},
      {"exp is in milliseconds", with("exp", absl::StrCat(kNow * 1000)), kClaim},
      {"exp is 1e300", with("exp", "1e300"), kClaim},
      {"exp is 0", with("exp", "0"), "TOKEN_EXPIRED"},
      {"expires now", with("exp", absl::StrCat(kNow)), "TOKEN_EXPIRED"},
      {"one second late", with("exp", absl::StrCat(kNow - 1)), "TOKEN_EXPIRED"},
      {"late by more than the leeway",
       Lone().Token(Claims({{"iss", "\"https://machines.example\""}, {"exp", absl::StrCat(kNow - 30)}})),
       "TOKEN_EXPIRED"},
      {"nbf one second ahead", with("nbf", absl::StrCat(kNow + 1)), "TOKEN_NOT_YET_VALID"},
      {"iat one second ahead", with("iat", absl::StrCat(kNow + 1)), "TOKEN_NOT_YET_VALID"},
      {"nbf is a text", with("nbf", "\"0\""), kClaim},
      {"iat is null", with("iat", "null"), kClaim},
  };
  for (const Case& c : cases) EXPECT_EQ(Says(c.token), c.says) << c.name;
}

TEST_F(IssuersTest, WhatWasProvenEndsWithItsTime) {
  const std::string token = Ec().Token(Claims({{"exp", absl::StrCat(kNow + 1)}, {"nbf", absl::StrCat(kNow)}}));
  EXPECT_EQ(Says(token), "OK");
  EXPECT_EQ(Says(token, Now() + absl::Milliseconds(999)), "OK");
  EXPECT_EQ(Says(token, Now() + absl::Seconds(1)), "TOKEN_EXPIRED");
  EXPECT_EQ(Says(token, Now() - absl::Milliseconds(1)), "TOKEN_NOT_YET_VALID") << "the clock was set back";
  EXPECT_EQ(Says(token), "OK");
}

TEST_F(IssuersTest, WhatWasProvenEndsWithItsKey) {
  const std::string token = Good();
  EXPECT_EQ(Says(token), "OK");
  Issuer staff = Staff();
  staff.keys = Keys(JwkSet({Rsa().Jwk()}));
  issuers_.Set({staff});
  EXPECT_EQ(Says(token), "UNKNOWN_SIGNING_KEY");
  staff.keys = Keys(JwkSet({TokenSigner::Ec("e1").Jwk()}));
  issuers_.Set({staff});
  EXPECT_EQ(Says(token), "TOKEN_SIGNATURE_WRONG") << "another key of the same kid";
  staff.keys = Keys(JwkSet({Ec().Jwk()}));
  staff.audiences = {"urn:other"};
  issuers_.Set({staff});
  EXPECT_EQ(Says(token), "TOKEN_NOT_FOR_US");
  issuers_.Set({});
  EXPECT_EQ(Says(token), "UNKNOWN_ISSUER");
}

TEST_F(IssuersTest, ManyTokensPushOutOldOnesAndStayGood) {
  const std::string first = Ed().Token(Claims());
  EXPECT_EQ(Says(first), "OK");
  for (int i = 0; i < 2200; ++i) ASSERT_EQ(Says(Ed().Token(Claims({{"jti", absl::StrCat(i)}}))), "OK");
  EXPECT_EQ(Says(first), "OK");
}

TEST(KeySetTest, WhatIsNoSetOfPublicKeysIsRefused) {
  const std::string good = Ec().Jwk();
  const auto with = [](const std::string& key, const std::string& more) {
    return key.substr(0, key.size() - 1) + "," + more + "}";
  };
  const std::string x = ToBase64Url(std::string(32, '\1'));
  // A multiple of all small primes up to 167, plus one: modulo each of them it is 65537 to the power of 0.
  const std::string roca =
      ToBase64Url(absl::StrCat(absl::HexStringToBytes("049265d3574cefd04229bfd662a4a46f8611ed0226c655f076ebade3"),
                               std::string(228, '\0'), "\1"));
  const struct {
    const char* name;
    std::string json;
    const char* says;
  } cases[] = {
      {"nothing", "", "no JWK set"},
      {"one key", good, "no JWK set"},
      {"keys are an object", R"({"keys":{}})", "no JWK set"},
      {"a member twice", R"({"keys":[],"keys":[]})", "no JWK set"},
      {"too long", absl::StrCat(R"({"keys":[]})", std::string(KeySet::kMostBytes, ' ')), "no JWK set"},
      {"only for encryption", JwkSet({with(good, R"("use":"enc")")}), "no key in it"},
      {"only to sign", JwkSet({with(good, R"("key_ops":["sign"])")}), "no key in it"},
      {"of another algorithm", JwkSet({with(good, R"("alg":"ES384")")}), "no key in it"},
      {"of another curve", JwkSet({R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})"}), "no key in it"},
      {"for key agreement", JwkSet({R"({"kty":"OKP","crv":"X25519","x":"AA"})"}), "no key in it"},
      {"a private key", JwkSet({Rsa().Jwk(), with(good, absl::StrCat(R"("d":")", x, "\""))}), "keys[1]: it is private"},
      {"a private RSA key", JwkSet({with(Rsa().Jwk(), R"("dp":"AA")")}), "keys[0]: it is private"},
      {"a shared key", JwkSet({R"({"kty":"oct","k":"AA"})"}), "keys[0]: it is private"},
      {"a private key for something else", JwkSet({good, with(Rsa().Jwk(), R"("use":"enc","d":"AA")")}),
       "keys[1]: it is private"},
      {"RSA of 1,024 bits", JwkSet({TokenSigner::Rsa("s", 1024).Jwk()}), "not 1024"},
      {"an even modulus",
       JwkSet({absl::StrCat(R"({"kty":"RSA","e":"AQAB","n":")", ToBase64Url(std::string(256, '\x80')), "\"}")}),
       "no RSA key"},
      {"a modulus as ROCA makes them", JwkSet({absl::StrCat(R"({"kty":"RSA","e":"AQAB","n":")", roca, "\"}")}), "ROCA"},
      {"an exponent of 3", JwkSet({absl::StrReplaceAll(Rsa().Jwk(), {{"AQAB", "Aw"}})}), "no RSA key"},
      {"no modulus", JwkSet({R"({"kty":"RSA","e":"AQAB"})"}), "n is no base64url"},
      {"a modulus with padding", JwkSet({R"({"kty":"RSA","e":"AQAB","n":"AQ=="})"}), "n is no base64url"},
      {"a point off the curve", JwkSet({absl::StrCat(R"({"kty":"EC","crv":"P-256","x":")", x, R"(","y":")", x, "\"}")}),
       "no key of its kind"},
      {"a short coordinate", JwkSet({R"({"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"})"}), "32 bytes"},
      {"a short Ed25519 key", JwkSet({R"({"kty":"OKP","crv":"Ed25519","x":"AQ"})"}), "no key of its kind"},
      {"an alg of another kind", JwkSet({with(good, R"("alg":"RS256")")}), "its alg is not"},
      {"two of one kid", JwkSet({good, TokenSigner::Ed25519("e1").Jwk()}), "keys[1]: another key has this kid"},
  };
  for (const auto& c : cases) {
    const auto keys = KeySet::Parse(c.json);
    EXPECT_FALSE(keys.ok()) << c.name;
    EXPECT_NE(keys.status().message().find(c.says), absl::string_view::npos) << c.name << ": " << keys.status();
  }
}

// This is how an issuer revokes all its keys.
TEST(KeySetTest, AnEmptyListIsASetWithoutKeys) {
  const auto keys = KeySet::Parse(R"({"keys":[]})");
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->size(), 0);
  EXPECT_EQ(keys->Find(""), nullptr);
  EXPECT_EQ(keys->Find("e1"), nullptr);
}

TEST(KeySetTest, KeysForSomethingElseStandBesideOurs) {
  const std::string encrypts = R"({"kty":"RSA","use":"enc","alg":"RSA-OAEP","n":"AQ","e":"AQAB","kid":"x"})";
  EXPECT_EQ(Keys(JwkSet({encrypts, Ec().Jwk(R"("use":"sig","key_ops":["verify"])"), Ed().Jwk()})).size(), 2);
}

TEST(JsonTest, ReadsWhatItSays) {
  const auto json = Json::Parse(R"( {"a":[1,-2.5e1,true,false,null,"\"\\\/\b\f\n\r\t\u3042\ud83d\ude00"],"b":{}} )");
  ASSERT_TRUE(json);
  const Json& a = *json->Find("a");
  ASSERT_EQ(a.items.size(), 6);
  EXPECT_EQ(a.items[0].number, 1);
  EXPECT_EQ(a.items[1].number, -25);
  EXPECT_TRUE(a.items[2].truth);
  EXPECT_TRUE(a.items[3].Is(Json::Kind::kBool) && !a.items[3].truth);
  EXPECT_TRUE(a.items[4].Is(Json::Kind::kNull));
  EXPECT_EQ(a.items[5].text, "\"\\/\b\f\n\r\tあ😀");
  EXPECT_TRUE(json->Find("b")->Is(Json::Kind::kObject));
  EXPECT_EQ(json->Find("c"), nullptr);
  EXPECT_TRUE(Json::Parse(Nested(Json::kMostLevels)));
  for (const char* bad :
       {"",    " ",  "{",  "}", "[1",  "[1,]",  "{\"a\"}", "{a:1}",   "{\"a\":1,}", "01",          "1.",
        ".5",  "+1", "1e", "-", "tru", "nulll", "'a'",     "\"\\x\"", "\"\\u12\"",  "\"\\udc00\"", "\"\\ud800\\u0041\"",
        "1 2", "\"a"}) {
    EXPECT_FALSE(Json::Parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace tsunagu::jose
