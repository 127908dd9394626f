#include "tests/process/mariadb.h"

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/db/mysql/mysql_database.h"
#include "gtest/gtest.h"

namespace tsunagu::process {
namespace {

constexpr char kScript[] = TSUNAGU_SOURCE_DIR "/deploy/build/database.sh";

// Returns the engine for which ./test was run.
std::string Engine() {
  const char* folder = std::getenv("TSUNAGU_TEST_MARIADB_DIR");
  const std::string engine = folder == nullptr ? "" : ReadFile(std::string(folder) + "/engine");
  return engine.empty() ? "mariadb" : std::string(absl::StripAsciiWhitespace(engine));
}

}  // namespace

bool HasMariadb() { return std::getenv("TSUNAGU_TEST_MYSQL") != nullptr; }

Mariadb::Mariadb() {
  const Outcome made = RunToEnd({"/bin/bash", kScript, "create", folder_ / "db", Engine()});
  EXPECT_EQ(made.code, 0) << made.errors;
  port_ = std::string(absl::StripAsciiWhitespace(ReadFile(folder_ / "db/port")));
}

Mariadb::~Mariadb() { Kill(); }

void Mariadb::Control(const std::string& command) {
  const Outcome outcome = RunToEnd({"/bin/sh", folder_ / "db/control", command});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
}

std::string Mariadb::server() const { return absl::StrCat("mysql://root@127.0.0.1:", port_); }

std::string Mariadb::Url(const std::string& prefix) const { return absl::StrCat(server(), "/", prefix); }

void Mariadb::Define(const std::string& statement) {
  const auto options = store::ParseMysqlUrl(Url(""));
  ASSERT_TRUE(options.ok()) << options.status();
  const absl::Status status = store::MysqlDatabase(*options).Define(statement);
  EXPECT_TRUE(status.ok()) << status;
}

MariadbRegistry::MariadbRegistry(Mariadb& mariadb, const std::string& prefix, const std::string& service)
    : flags_({"--services", service, "--database", mariadb.Url(prefix), "--data-dir", folder_.path()}) {
  mariadb.Define(absl::StrCat("CREATE DATABASE ", prefix, "_", service, " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"));
  master_key_file_ = folder_ / "master";
  WriteFile(master_key_file_, "0000000000000000000000000000000000000000000000000000000000000001\n");
  flags_.insert(flags_.end(), {"--master-key-file", master_key_file_});
  const Outcome migrated = Tool({"migrate", "--apply"});
  EXPECT_EQ(migrated.code, 0) << migrated.errors;
  const Outcome key = Tool({"keys", "create", "--principal", "tester", "--role", "admin"});
  EXPECT_EQ(key.code, 0) << key.errors;
  api_key_ = std::string(absl::StripAsciiWhitespace(key.output));
}

Outcome MariadbRegistry::Tool(std::vector<std::string> command) const {
  command.insert(command.begin(), Binary("tsunagu"));
  command.insert(command.end(), flags_.begin(), flags_.end());
  return RunToEnd(std::move(command));
}

ServerProcess::Options MariadbRegistry::Options() const {
  ServerProcess::Options options;
  options.flags = {flags_[2], flags_[3], "--master-key-file", master_key_file_};
  options.api_key = api_key_;
  return options;
}

ServerProcess::Options MariadbRegistry::Options(std::string failpoints) const {
  ServerProcess::Options options = Options();
  options.environment["TSUNAGU_FAILPOINTS"] = std::move(failpoints);
  return options;
}

}  // namespace tsunagu::process
