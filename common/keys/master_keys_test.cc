#include "common/keys/master_keys.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

std::string Word(const absl::Status& status) { return ReasonWord(FaultOf(status)); }

TEST(MasterKeysTest, AreReadInBothSpellings) {
  const std::string bytes = absl::StrCat(std::string(31, '\x07'), "\xff");
  struct Case {
    const char* name;
    std::string text;
    size_t count;
  };
  const Case cases[] = {
      {"hexadecimal", absl::BytesToHexString(bytes), 1},
      {"base64", absl::Base64Escape(bytes), 1},
      {"a space within", "07070707070707070707070707070707070707070707070707070707070707 FF", 0},
      {"two lines", absl::StrCat(absl::BytesToHexString(bytes), "\n", FreshMasterKey(), "\n"), 2},
      {"Windows line ends", absl::StrCat(absl::BytesToHexString(bytes), "\r\n"), 1},
      {"comment and empty line", absl::StrCat("# since 2026\n\n", absl::Base64Escape(bytes), "\n"), 1},
      {"empty", "", 0},
      {"only a comment", "# none\n", 0},
      {"too short", absl::BytesToHexString(bytes.substr(1)), 0},
      {"too long", absl::Base64Escape(bytes + "x"), 0},
      {"no key", "correct horse battery staple", 0},
  };
  for (const Case& c : cases) {
    const auto keys = ParseMasterKeys(c.text, "FILE");
    ASSERT_EQ(keys.ok(), c.count > 0) << c.name;
    if (!keys.ok()) {
      EXPECT_EQ(Word(keys.status()), "MASTER_KEY_MALFORMED") << c.name;
      continue;
    }
    ASSERT_EQ(keys->size(), c.count) << c.name;
    EXPECT_EQ(keys->front().bytes, bytes) << c.name;
  }
}

TEST(MasterKeysTest, ARefusalNamesTheLineAndNotTheKey) {
  const std::string almost = FreshMasterKey() + "x";
  const absl::Status refused = ParseMasterKeys(absl::StrCat(FreshMasterKey(), "\n", almost), "FILE").status();
  const std::string text = TextForOperator(refused);
  EXPECT_NE(text.find("Line 2 of FILE"), std::string::npos) << text;
  EXPECT_EQ(text.find(almost.substr(0, 20)), std::string::npos) << text;
}

TEST(MasterKeysTest, AMadeFileIsItsOwnersAndGrowsInFront) {
  const std::string path = absl::StrCat(testing::TempDir(), "/master-", Base32(Entropy::System().Bytes(10)));
  EXPECT_EQ(Word(MasterKeySource::File(path).Load().status()), "MASTER_KEY_MISSING");
  ASSERT_TRUE(AddMasterKey(path).ok());
  struct stat file;
  ASSERT_EQ(stat(path.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
  const auto first = MasterKeySource::File(path).Load();
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->size(), 1u);
  EXPECT_EQ(first->front().id().size(), 16u);

  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  ASSERT_TRUE(AddMasterKey(path).ok());
  ASSERT_EQ(stat(path.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0640u);
  const auto both = MasterKeySource::File(path).Load();
  ASSERT_EQ(both->size(), 2u);
  EXPECT_EQ(both->back().bytes, first->front().bytes);
  EXPECT_NE(both->front().bytes, first->front().bytes);

  std::ofstream(path, std::ios::app) << "no key\n";
  EXPECT_EQ(Word(AddMasterKey(path)), "MASTER_KEY_MALFORMED") << "nothing is put in front of what is broken";
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace tsunagu::store
