// The test vectors of project Wycheproof: keys and signatures that other verifiers have judged wrongly. ./test
// downloads them when it can.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/jose/base64url.h"
#include "common/jose/json.h"
#include "common/jose/key_set.h"
#include "common/jose/token.h"
#include "gtest/gtest.h"

namespace tsunagu::jose {
namespace {

const Json& Member(const Json& json, absl::string_view name) {
  static const auto& nothing = *new Json();
  const Json* member = json.Find(name);
  return member == nullptr ? nothing : *member;
}

// Writes `key`, which holds only texts and lists of texts, as JSON.
std::string Jwk(const Json& key) {
  std::string text;
  for (const auto& [name, member] : key.members) {
    absl::StrAppend(&text, text.empty() ? "{" : ",", "\"", name, "\":");
    if (member.Is(Json::Kind::kText)) {
      absl::StrAppend(&text, "\"", member.text, "\"");
      continue;
    }
    std::string items;
    for (const absl::string_view item : member.Texts())
      absl::StrAppend(&items, items.empty() ? "" : ",", "\"", item, "\"");
    absl::StrAppend(&text, "[", items, "]");
  }
  return absl::StrCat(text, "}");
}

absl::StatusOr<KeySet> SetOf(const std::string& jwk) { return KeySet::Parse(absl::StrCat("{\"keys\":[", jwk, "]}")); }

// Some groups of vectors give the key in hexadecimal only.
std::string JwkOf(const Json& group) {
  for (const char* name : {"publicKeyJwk", "keyJwk"}) {
    if (const Json* key = group.Find(name); key != nullptr) return Jwk(*key);
  }
  const std::string point = absl::HexStringToBytes(Member(Member(group, "publicKey"), "uncompressed").text);
  if (point.size() != 65) return "";
  return absl::StrCat(R"({"kty":"EC","crv":"P-256","x":")", ToBase64Url(absl::string_view(point).substr(1, 32)),
                      R"(","y":")", ToBase64Url(absl::string_view(point).substr(33)), "\"}");
}

bool Accepts(const KeySet& keys, absl::string_view jws) {
  const absl::optional<Compact> parts = Compact::Split(jws);
  const absl::optional<Json> header = parts ? Json::Parse(parts->header) : absl::nullopt;
  if (!header) return false;
  const absl::optional<Algorithm> algorithm = AlgorithmOf(Member(*header, "alg").text);
  const PublicKey* key = keys.Find(Member(*header, "kid").text);
  return algorithm && key != nullptr && key->Verify(*algorithm, parts->signed_text, parts->signature);
}

class WycheproofTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("TSUNAGU_TEST_WYCHEPROOF");
    if (folder == nullptr || *folder == '\0') GTEST_SKIP() << "TSUNAGU_TEST_WYCHEPROOF names no folder of vectors";
    folder_ = folder;
  }

  // Calls `each` for each group and each test in it.
  template <typename Each>
  void ReadVectors(const std::string& name, const Each& each) {
    std::ifstream file(absl::StrCat(folder_, "/testvectors_v1/", name, ".json"), std::ios::binary);
    const absl::optional<Json> all = Json::Parse(std::string(std::istreambuf_iterator<char>(file), {}));
    ASSERT_TRUE(all) << name;
    for (const Json& group : Member(*all, "testGroups").items) {
      for (const Json& one : Member(group, "tests").items) {
        SCOPED_TRACE(absl::StrCat(name, " ", Member(one, "tcId").number, ": ", Member(one, "comment").text));
        each(group, one, Member(one, "result").text);
      }
    }
  }

  std::string folder_;
};

TEST_F(WycheproofTest, Signatures) {
  const struct {
    const char* file;
    Algorithm algorithm;
    int accepted, refused;
    int weak;  // with an exponent of 3, whose key we refuse
  } kFiles[] = {
      {"ecdsa_secp256r1_sha256_p1363_test", Algorithm::kEs256, 173, 89, 0},
      {"ed25519_test", Algorithm::kEdDsa, 88, 63, 0},
      {"rsa_signature_2048_sha256_test", Algorithm::kRs256, 7, 249, 2},
      {"rsa_signature_3072_sha256_test", Algorithm::kRs256, 7, 250, 1},
      {"rsa_signature_4096_sha256_test", Algorithm::kRs256, 7, 250, 0},
      {"rsa_pss_2048_sha256_mgf1_32_test", Algorithm::kPs256, 63, 45, 0},
      {"rsa_pss_4096_sha256_mgf1_32_test", Algorithm::kPs256, 63, 45, 0},
  };
  for (const auto& [file, algorithm, accepted, refused, weak] : kFiles) {
    int valid = 0, invalid = 0, not_taken = 0;
    ReadVectors(file, [&](const Json& group, const Json& one, const std::string& result) {
      if (result == "acceptable") return;
      const absl::StatusOr<KeySet> keys = SetOf(JwkOf(group));
      if (!keys.ok()) {
        ++not_taken;
        return;
      }
      const std::string text = absl::HexStringToBytes(Member(one, "msg").text);
      const std::string signature = absl::HexStringToBytes(Member(one, "sig").text);
      EXPECT_EQ(keys->Find("")->Verify(algorithm, text, signature), result == "valid");
      ++(result == "valid" ? valid : invalid);
    });
    EXPECT_EQ(valid, accepted) << file;
    EXPECT_EQ(invalid, refused) << file;
    EXPECT_EQ(not_taken, weak) << file;
  }
}

// Every valid vector with an algorithm of ours has to be accepted, except two tokens with PS384 for a key of PS256.
TEST_F(WycheproofTest, Tokens) {
  int valid = 0, invalid = 0;
  ReadVectors("json_web_signature_test", [&](const Json& group, const Json& one, const std::string& result) {
    const Json* key = group.Find("public");
    if (key == nullptr) return;  // shared keys, which we do not support
    const absl::StatusOr<KeySet> keys = SetOf(Jwk(*key));
    const bool accepted = keys.ok() && Accepts(*keys, Member(one, "jws").text);
    const bool ours = AlgorithmOf(Member(*key, "alg").text).has_value();
    if (result == "valid" && (!ours || Member(one, "comment").text == "Figure20")) return;
    EXPECT_EQ(accepted, result == "valid");
    ++(accepted ? valid : invalid);
  });
  EXPECT_EQ(valid, 16);
  EXPECT_EQ(invalid, 325);
}

TEST_F(WycheproofTest, KeySets) {
  int valid = 0, invalid = 0;
  ReadVectors("json_web_key_test", [&](const Json& group, const Json& one, const std::string& result) {
    const Json* set = group.Find("public");
    if (set == nullptr) set = group.Find("private");
    std::string list;
    for (const Json& key : Member(*set, "keys").items) absl::StrAppend(&list, list.empty() ? "" : ",", Jwk(key));
    const absl::StatusOr<KeySet> keys = SetOf(list);
    const bool accepted = keys.ok() && Accepts(*keys, Member(one, "jws").text);
    const bool shared = group.Find("public") == nullptr;
    EXPECT_EQ(accepted, result == "valid" && !shared);
    ++(accepted ? valid : invalid);
  });
  EXPECT_EQ(valid, 1);
  EXPECT_EQ(invalid, 25);
}

}  // namespace
}  // namespace tsunagu::jose
