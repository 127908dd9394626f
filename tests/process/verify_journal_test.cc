// What tsunagu verify-journal reports, and what it does not claim.
#include <signal.h>

#include <filesystem>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/mariadb.h"
#include "tests/process/server.h"

namespace tsunagu::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Tool = std::function<Outcome(std::vector<std::string>)>;

// The journal of a stopped registry, with its file of checkpoints.
void ExpectHonestAnswers(const Tool& verify, const std::string& file) {
  const std::string key = std::vector<std::string>(absl::StrSplit(ReadFile(file), ' '))[5];
  const Outcome compared = verify({});
  EXPECT_EQ(compared.code, 0) << compared.errors;
  EXPECT_THAT(compared.output, AllOf(HasSubstr(" checkpoints compared: as they were written"),
                                     HasSubstr(absl::StrCat("signed by ", key, ", as the files themselves say"))));
  const Outcome with_key = verify({"--public-key", key});
  EXPECT_EQ(with_key.code, 0) << with_key.errors;
  EXPECT_THAT(with_key.output,
              AllOf(HasSubstr(" checkpoints compared: as they were written"), Not(HasSubstr("signed by"))));
  const Outcome other_key = verify({"--public-key", std::string(43, 'A') + "="});
  EXPECT_EQ(other_key.code, 1);
  EXPECT_THAT(other_key.output, HasSubstr("not signed by the expected key"));

  const Outcome typo = verify({"--checkpoints", "/nonexist/typo"});
  EXPECT_EQ(typo.code, 1);
  EXPECT_EQ(typo.output, "");
  EXPECT_THAT(typo.errors, AllOf(HasSubstr("CHECKPOINTS_MISSING"), HasSubstr("/nonexist/typo")));

  std::filesystem::remove(file);
  const Outcome alone = verify({});
  EXPECT_EQ(alone.code, 0) << alone.errors;
  EXPECT_THAT(alone.output, AllOf(HasSubstr("no checkpoints compared: only the chain itself was checked"),
                                  Not(HasSubstr("as they were written"))));
}

// Ignores its output except for the flags.
Outcome Verify(std::vector<std::string> flags, std::vector<std::string> more) {
  flags.insert(flags.begin(), {Binary("tsunagu"), "verify-journal"});
  flags.insert(flags.end(), more.begin(), more.end());
  return RunToEnd(std::move(flags));
}

TEST(VerifyJournalTest, ClaimsOnlyWhatItComparedOnSqlite) {
  Folder folder;
  {
    ServerProcess server(folder.path());
    EXPECT_TRUE(server.Call<registry::v1::Facility>(kCreateFacility, FacilityRequest("a")).ok());
    server.process().Signal(SIGTERM);
    EXPECT_EQ(server.process().Wait(), 0);
  }
  ExpectHonestAnswers(
      [&](std::vector<std::string> more) {
        return Verify({"--data-dir", folder.path(), "--services", "registry"}, std::move(more));
      },
      folder / "checkpoints/registry.checkpoints");
}

TEST(VerifyJournalTest, ClaimsOnlyWhatItComparedOnMariadb) {
  if (!HasMariadb()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
  Mariadb mariadb;
  const MariadbRegistry registry(mariadb, "verify");
  {
    ServerProcess server(registry.data_dir(), registry.Options());
    EXPECT_TRUE(server.Call<registry::v1::Facility>(kCreateFacility, FacilityRequest("a")).ok());
    server.process().Signal(SIGTERM);
    EXPECT_EQ(server.process().Wait(), 0);
  }
  ExpectHonestAnswers(
      [&](std::vector<std::string> more) {
        more.insert(more.begin(), "verify-journal");
        return registry.Tool(std::move(more));
      },
      registry.data_dir() + "/checkpoints/registry.checkpoints");
}

}  // namespace
}  // namespace tsunagu::process
