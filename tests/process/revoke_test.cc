// tsunagu keys revoke while a suite runs: the key is invalid in every service, and services that were not reached are
// reported.
#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"

namespace tsunagu::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(RevokeTest, SaysWhatItDidInEachService) {
  Folder folder;
  const auto keys = [&](std::vector<std::string> rest) {
    std::vector<std::string> command = {Binary("tsunagu"), "keys"};
    command.insert(command.end(), rest.begin(), rest.end());
    command.insert(command.end(), {"--data-dir", folder.path()});
    return RunToEnd(command);
  };
  const Outcome made = keys({"create", "--principal", "officer-31", "--role", "prefecture-officer"});
  ASSERT_EQ(made.code, 0) << made.errors;
  WriteFile(folder / "key", made.output);

  const Outcome revoked = keys({"revoke", "--key-file", folder / "key"});
  EXPECT_EQ(revoked.code, 0) << revoked.errors;
  EXPECT_THAT(revoked.output, AllOf(HasSubstr("registry: keys revoked: 1"), HasSubstr("matching: keys revoked: 1")));
  const Outcome unknown = keys({"revoke", "--principal", "nobody"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.errors, HasSubstr("It is in no service."));
  EXPECT_EQ(keys({"revoke"}).code, 1);

  std::filesystem::remove(folder / "matching.db");
  const Outcome partly = keys({"revoke", "--principal", "officer-31", "--grants"});
  EXPECT_EQ(partly.code, 1);
  EXPECT_THAT(partly.output, HasSubstr("grants ended: 1"));
  EXPECT_THAT(partly.errors, AllOf(HasSubstr("matching: not reached"), HasSubstr("run this again")));
  EXPECT_FALSE(std::filesystem::exists(folder / "matching.db")) << "and none is made";
}

}  // namespace
}  // namespace tsunagu::process
