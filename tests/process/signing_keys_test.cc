// Certificates signed with rotated and retired keys, in a copy that is restored elsewhere: each gets the right verdict,
// and new ones are signed with the present key.
#include <signal.h>

#include <filesystem>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tests/process/small_course.h"
#include "tsunagu/training/v1/signing_key.pb.h"

namespace tsunagu::process {
namespace {

namespace v1 = training::v1;
using v1::VerifyCertificateResponse;

enum class Way { kRestored, kAdopted };

class SigningKeysTest : public testing::TestWithParam<Way> {
 protected:
  static ServerProcess::Options Suite() {
    ServerProcess::Options options;
    options.command = {"tsunagu", "serve"};
    return options;
  }
  static Outcome Tool(std::vector<std::string> command) {
    command.insert(command.begin(), Binary("tsunagu"));
    return RunToEnd(std::move(command));
  }
  static v1::Certificate Issued(ServerProcess& server, const std::string& name) {
    const auto certificate = IssueCertificate(server, CompletedSmallCourse(server, name));
    EXPECT_TRUE(certificate.ok()) << certificate.status();
    return certificate.ok() ? *certificate : v1::Certificate();
  }
  static std::string Rotate(ServerProcess& server) {
    const auto key =
        AskTraining<v1::SigningKey>(server, "SigningKeyService/RotateSigningKey", v1::RotateSigningKeyRequest());
    EXPECT_TRUE(key.ok()) << key.status();
    return key.ok() ? key->key_id() : "";
  }
  // Returns the header of the token, which names the key.
  static std::string KeyOf(const v1::Certificate& certificate) {
    return certificate.token().substr(0, certificate.token().find('.'));
  }
  std::string WriteKeys(ServerProcess& server, const std::string& name) const {
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(PublishedKeys(server), &json).ok());
    WriteFile(folder_ / name, json);
    return folder_ / name;
  }
  // Returns the first word of the offline verdict.
  std::string Offline(const v1::Certificate& certificate, const std::string& keys) const {
    const Outcome said = Tool({"verify-certificate", certificate.token(), "--keys", keys, "--lang", "en"});
    return said.output.substr(0, said.output.find_first_of(" \n")) + said.errors;
  }

  // The server's verdict on each, and the offline verdict with its published keys.
  using Verdicts = std::map<std::string, std::pair<VerifyCertificateResponse::Verdict, std::string>>;
  Verdicts VerdictsOn(ServerProcess& server, const std::map<std::string, v1::Certificate>& certificates) const {
    const std::string keys = WriteKeys(server, "keys.json");
    Verdicts verdicts;
    for (const auto& [name, certificate] : certificates) {
      verdicts[name] = {VerdictOf(server, certificate.token()), Offline(certificate, keys)};
    }
    return verdicts;
  }

  // Restores the copy to its new location; returns the folder.
  std::string PutBack(const std::string& copy, const std::string& keys, const std::string& data) const {
    const std::string fresh = folder_ / "fresh";
    const Outcome restored = Tool({"backup", "restore", copy, "--keys", keys, "--data-dir", fresh});
    EXPECT_EQ(restored.code, 0) << restored.errors;
    std::filesystem::copy_file(data + "/master.key", fresh + "/master.key");
    if (GetParam() == Way::kRestored) return fresh;
    // Another installation, without data of its own.
    std::filesystem::remove(fresh + "/installation");
    const Outcome adopted = Tool({"adopt", "--data-dir", fresh, "--lang", "en"});
    EXPECT_EQ(adopted.code, 0) << adopted.errors;
    EXPECT_TRUE(absl::StrContains(adopted.output, "training")) << adopted.output;
    return fresh;
  }

  Folder folder_;
};

INSTANTIATE_TEST_SUITE_P(, SigningKeysTest, testing::Values(Way::kRestored, Way::kAdopted),
                         [](const auto& way) { return way.param == Way::kRestored ? "Restored" : "Adopted"; });

TEST_P(SigningKeysTest, MeanInACopyWhatTheyMeant) {
  const std::string data = folder_ / "data", copy = folder_ / "copy", keys = folder_ / "keys";
  std::map<std::string, v1::Certificate> certificates;
  v1::Certificate afterwards;
  Verdicts before;
  std::string published;
  {
    ServerProcess server(data, Suite());
    MakeSmallCourse(server);
    certificates["retired"] = Issued(server, "見本 一子");
    Rotate(server);
    certificates["rotated"] = Issued(server, "見本 二子");
    Rotate(server);
    certificates["current"] = Issued(server, "見本 三子");
    certificates["revoked"] = Issued(server, "見本 四子");
    v1::RetireSigningKeyRequest retire;
    retire.set_name("signingKeys/1");
    retire.set_reason("漏えいのおそれ");
    ASSERT_TRUE(AskTraining<v1::SigningKey>(server, "SigningKeyService/RetireSigningKey", retire).ok());
    v1::RevokeCertificateRequest revoke;
    revoke.set_name(certificates["revoked"].name());
    revoke.set_reason("判定の誤り");
    ASSERT_TRUE(AskTraining<v1::Certificate>(server, "CertificateService/RevokeCertificate", revoke).ok());
    before = VerdictsOn(server, certificates);
    published = WriteKeys(server, "before.json");
    const Outcome copied = Tool({"backup", "create", copy, "--keys", keys, "--data-dir", data});
    ASSERT_EQ(copied.code, 0) << copied.errors;
    Rotate(server);
    afterwards = Issued(server, "見本 五子");
  }
  using Pair = std::pair<VerifyCertificateResponse::Verdict, std::string>;
  EXPECT_EQ(before, (Verdicts{{"current", Pair(VerifyCertificateResponse::VERDICT_VALID, "VALID")},
                              {"retired", Pair(VerifyCertificateResponse::VERDICT_RETIRED_KEY, "RETIRED")},
                              {"revoked", Pair(VerifyCertificateResponse::VERDICT_REVOKED, "REVOKED")},
                              {"rotated", Pair(VerifyCertificateResponse::VERDICT_VALID, "VALID")}}));

  ServerProcess server(PutBack(copy, keys, data), Suite());
  EXPECT_EQ(VerdictsOn(server, certificates), before);
  // Certificates from after the copy have an unknown key.
  EXPECT_EQ(VerdictOf(server, afterwards.token()), VerifyCertificateResponse::VERDICT_UNKNOWN_KEY);

  const v1::Certificate next = Issued(server, "見本 六子");
  EXPECT_EQ(KeyOf(next), KeyOf(certificates["current"])) << "the key that signed signs on";
  EXPECT_TRUE(absl::StrContains(next.number(), "-00005-")) << next.number();
  EXPECT_EQ(VerdictOf(server, next.token()), VerifyCertificateResponse::VERDICT_VALID);
  EXPECT_EQ(Offline(next, published), "VALID") << "with keys from before the copy";
  Rotate(server);
  const v1::Certificate newest = Issued(server, "見本 七子");
  EXPECT_NE(KeyOf(newest), KeyOf(next));
  EXPECT_NE(KeyOf(newest), KeyOf(afterwards));
  EXPECT_EQ(VerdictsOn(server, certificates), before);
}

}  // namespace
}  // namespace tsunagu::process
