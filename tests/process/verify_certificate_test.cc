// A certificate in any form is checked by the command while the server is off.
#include <filesystem>
#include <map>

#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tests/process/small_course.h"

namespace tsunagu::process {
namespace {

namespace v1 = training::v1;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class VerifyCertificateTest : public testing::Test {
 protected:
  VerifyCertificateTest() {
    ServerProcess::Options suite;
    suite.command = {"tsunagu", "serve"};
    ServerProcess server(folder_ / "data", suite);
    MakeSmallCourse(server);
    const auto issued = IssueCertificate(server, CompletedSmallCourse(server, "髙橋 一子"));
    EXPECT_TRUE(issued.ok()) << issued.status();
    if (issued.ok()) certificate_ = *issued;
    WriteFile(folder_ / "keys.json", Json(PublishedKeys(server)));
    WriteFile(folder_ / "answer.json", Json(certificate_));
    WriteFile(folder_ / "certificate.jwt", certificate_.token() + "\n");
    const Outcome printed =
        RunToEnd({Binary("tsunagu"), "print", certificate_.name(), "-o", folder_ / "certificate.pdf", "--addr",
                  server.address(), "--key-file", folder_ / "data/admin.key", "--purpose", "交付"});
    EXPECT_EQ(printed.code, 0) << printed.errors;
    const Outcome all = RunToEnd({Binary("tsunagu"), "print", "courses/small", "-o", folder_ / "course.pdf", "--addr",
                                  server.address(), "--key-file", folder_ / "data/admin.key", "--purpose", "交付"});
    EXPECT_EQ(all.code, 0) << all.errors;
  }

  static std::string Json(const google::protobuf::Message& message) {
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json).ok());
    return json;
  }

  Outcome Verify(const std::string& certificate, const std::string& language) const {
    return RunToEnd(
        {Binary("tsunagu"), "verify-certificate", certificate, "--keys", folder_ / "keys.json", "--lang", language});
  }

  Folder folder_;
  v1::Certificate certificate_;
};

TEST_F(VerifyCertificateTest, InEveryFormInWhichSomebodyHasIt) {
  for (const std::string& form :
       {certificate_.token(), folder_ / "certificate.jwt", folder_ / "certificate.pdf", folder_ / "answer.json"}) {
    const Outcome said = Verify(form, "en");
    EXPECT_EQ(said.code, 0) << form << said.errors;
    EXPECT_THAT(said.output, AllOf(StartsWith("VALID\n"), HasSubstr(certificate_.number()), HasSubstr("髙橋 一子"),
                                   HasSubstr("見本県知事")))
        << form;
  }
  EXPECT_THAT(Verify(certificate_.token(), "ja").output, AllOf(StartsWith("有効です\n"), HasSubstr("令和")));
}

// A mistyped file name is reported as such, not as an invalid certificate.
TEST_F(VerifyCertificateTest, ANameThatIsNoFileIsNoVerdict) {
  const std::map<std::string, std::string> words = {{"en", "No such file"}, {"ja", "そのようなファイルはありません"}};
  for (const auto& [language, word] : words) {
    const Outcome said = Verify(folder_ / "certificat.jwt", language);
    EXPECT_EQ(said.code, 2);
    EXPECT_THAT(said.output, IsEmpty());
    EXPECT_THAT(said.errors, HasSubstr(word));
  }
}

// The same for malformed keys, and for a list that none of them signed.
TEST_F(VerifyCertificateTest, WithoutGoodKeysNothingIsSaid) {
  WriteFile(folder_ / "list.jwt", "eyJhbGciOiJub25lIn0.e30.");
  const struct {
    std::string keys, list;
    const char *english, *japanese;
  } kCases[] = {{folder_ / "certificate.jwt", "", "That is no set of public keys", "公開鍵の一覧"},
                {folder_ / "keys.json", folder_ / "list.jwt", "That is no status list", "失効リストではない"}};
  for (const auto& test : kCases) {
    for (const char* language : {"en", "ja"}) {
      std::vector<std::string> command = {
          Binary("tsunagu"), "verify-certificate", certificate_.token(), "--keys", test.keys, "--lang", language};
      if (!test.list.empty()) command.insert(command.end(), {"--status-list", test.list});
      const Outcome said = RunToEnd(command);
      EXPECT_EQ(said.code, 2);
      EXPECT_THAT(said.output, IsEmpty());
      EXPECT_THAT(said.errors, HasSubstr(language == std::string("en") ? test.english : test.japanese));
    }
  }
}

// In a PDF of a whole course each page has its code, and the file has no token.
TEST_F(VerifyCertificateTest, APdfWithoutATokenIsReadByItsCode) {
  const Outcome english = Verify(folder_ / "course.pdf", "en");
  EXPECT_EQ(english.code, 1);
  EXPECT_THAT(english.output, HasSubstr("QR code"));
  EXPECT_THAT(Verify(folder_ / "course.pdf", "ja").output, HasSubstr("二次元コード"));
}

}  // namespace
}  // namespace tsunagu::process
