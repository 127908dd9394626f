// tsunagu migrate as an operator runs it: killed after every statement and run again.
#include <signal.h>

#include <filesystem>
#include <iterator>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/db/open.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/mariadb.h"

namespace tsunagu::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;

enum class Engine { kSqlite, kMysql };

class MigrateTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (mysql()) {
      if (!HasMariadb()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
      mariadb_ = std::make_unique<Mariadb>();
      WriteFile(folder_ / "keys", std::string(63, '0') + "1\n");
      mariadb_->Define("CREATE DATABASE m_registry CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
  }
  bool mysql() const { return GetParam() == Engine::kMysql; }

  std::vector<std::string> DatabaseFlags() const {
    if (!mysql()) return {};
    return {"--database", mariadb_->Url("m"), "--master-key-file", folder_ / "keys"};
  }
  std::vector<std::string> Flags() const {
    std::vector<std::string> flags = DatabaseFlags();
    flags.insert(flags.end(), {"--services", "registry", "--data-dir", folder_.path()});
    return flags;
  }
  Outcome Tool(std::vector<std::string> command, const std::string& failpoints) const {
    command.insert(command.begin(), Binary("tsunagu"));
    const std::vector<std::string> flags = Flags();
    command.insert(command.end(), flags.begin(), flags.end());
    Process::Options options;
    options.environment["TSUNAGU_FAILPOINTS"] = failpoints;
    return RunToEnd(std::move(command), options);
  }
  Outcome Tool(std::vector<std::string> command) const { return Tool(std::move(command), ""); }

  // Kills each run one statement later than the previous one, before it can record that statement; if statements are
  // recorded only together, each run starts again. Returns the number of runs.
  int MigrateKilledAfterEachStatement(bool together = false) const {
    for (int kills = 0; kills < 1000; ++kills) {
      const Outcome outcome =
          Tool({"migrate", "--apply"}, absl::StrCat("migrate.after_statement=kill:", together ? kills + 1 : 1));
      if (outcome.code == 0) return kills;
      EXPECT_EQ(outcome.code, -SIGKILL) << outcome.errors;
      if (outcome.code != -SIGKILL) break;
    }
    ADD_FAILURE() << "does not end";
    return -1;
  }

  std::unique_ptr<ServerProcess> Serve() {
    ServerProcess::Options options;
    options.flags = DatabaseFlags();
    if (mysql()) {
      if (api_key_.empty()) {
        const Outcome key = Tool({"keys", "create", "--principal", "tester", "--role", "admin"});
        EXPECT_EQ(key.code, 0) << key.errors;
        api_key_ = key.output.substr(0, key.output.find('\n'));
      }
      options.api_key = api_key_;
    }
    return std::make_unique<ServerProcess>(folder_.path(), options);
  }

  void Define(const std::vector<std::string>& statements) {
    const auto database = store::Open(mysql() ? mariadb_->Url("m_registry") : folder_ / "registry.db");
    ASSERT_TRUE(database.ok()) << database.status();
    for (const std::string& statement : statements) {
      const absl::Status defined = (*database)->Define(statement);
      ASSERT_TRUE(defined.ok()) << statement << ": " << defined;
    }
  }

  Folder folder_;
  std::unique_ptr<Mariadb> mariadb_;
  std::string api_key_;
};

INSTANTIATE_TEST_SUITE_P(, MigrateTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         [](const auto& info) { return info.param == Engine::kMysql ? "Mysql" : "Sqlite"; });

TEST_P(MigrateTest, KilledAfterEachStatementFromNothing) {
  EXPECT_GT(MigrateKilledAfterEachStatement(!mysql()), 30);
  EXPECT_EQ(Tool({"migrate", "--plan"}).output, "0 to apply (tsunagu migrate --apply)\n");
  const auto server = Serve();
  EXPECT_TRUE(server->Call<registry::v1::Facility>(kCreateFacility, FacilityRequest("kita")).ok());
}

// The tables of an earlier version, with rows in them.
TEST_P(MigrateTest, KilledAfterEachStatementOverData) {
  ASSERT_EQ(Tool({"migrate", "--apply"}).code, 0);
  {
    const auto server = Serve();
    for (int i = 0; i < 5; ++i) {
      const auto made = server->Call<registry::v1::Facility>(kCreateFacility, FacilityRequest(absl::StrCat("f", i)));
      EXPECT_TRUE(made.ok()) << made.status();
    }
  }
  const std::string on = mysql() ? " ON `facilities`" : "", on_operations = mysql() ? " ON `operations`" : "";
  Define({"DROP INDEX `i_facilities_area`" + on, "ALTER TABLE `facilities` DROP COLUMN `note`",
          "DROP INDEX `i_operations_principal`" + on_operations,
          "CREATE INDEX `i_operations_principal` ON `operations` (`principal`, `id`)", "DROP TABLE `access_log`",
          "DROP TABLE `schema_steps`"});
  EXPECT_EQ(Tool({"migrate", "--apply"}, "migrate.before_step=kill:1").code, -SIGKILL);
  const std::string plan = Tool({"migrate", "--plan"}).output;
  EXPECT_THAT(plan, AllOf(HasSubstr("registry: ALTER TABLE `facilities` ADD COLUMN `note`"),
                          HasSubstr("registry: DROP INDEX `i_operations_principal`"), HasSubstr("-- common 1: ")));
  EXPECT_GE(MigrateKilledAfterEachStatement(), mysql() ? 5 : 6);  // a table with its indexes, or each
  EXPECT_EQ(Tool({"migrate", "--plan"}).output, "0 to apply (tsunagu migrate --apply)\n");
  const auto server = Serve();
  EXPECT_EQ(FacilityCount(*server), 5);
  EXPECT_EQ(RevisionCount(*server, "facilities/f0"), 1);
  EXPECT_TRUE(server->Call<registry::v1::Facility>(kCreateFacility, FacilityRequest("kita")).ok());
  // There is one copy of the state before, and none of the states in between.
  if (!mysql()) {
    const std::filesystem::directory_iterator copies(folder_ / "backup"), end;
    EXPECT_EQ(std::distance(copies, end), 1);
  }
}

TEST_P(MigrateTest, APlanChangesNothing) {
  const Outcome plan = Tool({"migrate", "--plan"});
  EXPECT_EQ(plan.code, 0) << plan.errors;
  EXPECT_THAT(plan.output, AllOf(HasSubstr("registry: CREATE TABLE `facilities`"),
                                 HasSubstr("registry keys: CREATE TABLE `data_keys`")));
  if (!mysql()) {
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  }
  EXPECT_EQ(Tool({"migrate", "--plan"}).output, plan.output);
}

TEST_P(MigrateTest, WhatNoStepPutsRightIsRefusedInAPlanToo) {
  ASSERT_EQ(Tool({"migrate", "--apply"}).code, 0);
  Define({absl::StrCat("DROP INDEX `i_facilities_area`", mysql() ? " ON `facilities`" : ""),
          "CREATE INDEX `i_facilities_area` ON `facilities` (`id`)"});
  const Outcome plan = Tool({"migrate", "--plan"});
  EXPECT_EQ(plan.code, 1);
  EXPECT_EQ(plan.output, "0 to apply (tsunagu migrate --apply)\n");
  EXPECT_THAT(plan.errors, AllOf(HasSubstr("SCHEMA_DIFFERS"), HasSubstr("i_facilities_area")));
}

TEST_P(MigrateTest, TwoAtOnce) {
  Process::Options options;
  options.environment["TSUNAGU_FAILPOINTS"] = "migrate.after_statement=pause:9";
  std::vector<std::string> command = {Binary("tsunagu"), "migrate", "--apply"};
  const std::vector<std::string> flags = Flags();
  command.insert(command.end(), flags.begin(), flags.end());
  Process first(command, options);
  ASSERT_TRUE(first.WaitUntilStopped());
  first.Signal(SIGCONT);
  const Outcome second = Tool({"migrate", "--apply"});
  // Each migrates the keys and then the data: the one that comes second to either gets an error.
  const int first_code = first.Wait();
  const auto refused = testing::AnyOf(HasSubstr("MIGRATION_IN_PROGRESS"), HasSubstr("DATA_FOLDER_IN_USE"));
  EXPECT_THAT(first.Errors(), testing::Conditional(first_code == 0, testing::_, refused));
  EXPECT_THAT(second.errors, testing::Conditional(second.code == 0, testing::_, refused));
  EXPECT_TRUE(first_code == 0 || second.code == 0);
  EXPECT_EQ(Tool({"migrate", "--apply"}).code, 0);
  EXPECT_EQ(Tool({"migrate", "--plan"}).output, "0 to apply (tsunagu migrate --apply)\n");
}

}  // namespace
}  // namespace tsunagu::process
