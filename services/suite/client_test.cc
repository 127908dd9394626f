#include "services/suite/client.h"

#include <cstdlib>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/suite_fixture.h"

namespace tsunagu::suite {
namespace {

using ::testing::HasSubstr;

ClientFlags At(const std::string& address) {
  ClientFlags flags;
  flags.address = address;
  return flags;
}

TEST(Client, TakesAddresses) {
  for (const char* address : {"127.0.0.1:50051", "localhost:1", "[::1]:65535", "unix:/run/t.sock", "dns:///x:1"}) {
    EXPECT_TRUE(Client::Open(At(address)).ok()) << address;
  }
}

TEST(Client, RefusesWhatIsNoAddress) {
  for (const char* address : {"", "localhost", ":50051", "localhost:", "localhost:0", "localhost:65536", "localhost:x",
                              "http://localhost:50051", "a b:1"}) {
    EXPECT_THAT(ErrorJson(Client::Open(At(address)).status(), Language::kEnglish), HasSubstr("MALFORMED_ADDRESS"))
        << address;
  }
}

TEST(Client, ReadsTheKey) {
  Folder folder;
  ClientFlags flags;
  flags.key_file = folder.Write("key", " secret\n");
  EXPECT_EQ(Client::Open(flags)->once.api_key, "secret");
  for (const char* text : {"", "\n", "two\nlines", "鍵"}) {
    flags.key_file = folder.Write("key", text);
    EXPECT_THAT(ErrorJson(Client::Open(flags).status(), Language::kEnglish), HasSubstr("MALFORMED_KEY")) << text;
  }
  flags.key_file = (folder.path / "missing").string();
  EXPECT_THAT(ErrorJson(Client::Open(flags).status(), Language::kEnglish), HasSubstr("FILE_NOT_READABLE"));
}

TEST(Client, KnowsItsOptions) {
  ClientFlags flags;
  flags.purpose = "相談 50%";
  flags.language = "ja";
  const auto usual = Client::Open(flags);
  EXPECT_EQ(usual->once.purpose, "相談 50%");
  EXPECT_EQ(usual->once.language, Language::kJapanese);
  EXPECT_EQ(usual->once.timeout, absl::Seconds(60));
  EXPECT_EQ(usual->stream.timeout, absl::Seconds(600));
  flags.timeout_seconds = 1.5;
  EXPECT_EQ(Client::Open(flags)->once.timeout, absl::Milliseconds(1500));
  EXPECT_EQ(Client::Open(flags)->stream.timeout, absl::Milliseconds(1500));
}

TEST(LanguageOf, FlagThenEnvironment) {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) unsetenv(name);
  EXPECT_EQ(LanguageOf({}), Language::kEnglish);
  setenv("LANG", "ja_JP.UTF-8", 1);
  EXPECT_EQ(LanguageOf({}), Language::kJapanese);
  setenv("LC_ALL", "C.UTF-8", 1);
  EXPECT_EQ(LanguageOf({}), Language::kEnglish);
  ClientFlags flags;
  flags.language = "ja";
  EXPECT_EQ(LanguageOf(flags), Language::kJapanese);
}

}  // namespace
}  // namespace tsunagu::suite
