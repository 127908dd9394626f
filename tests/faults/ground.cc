#include "tests/faults/ground.h"

#include <signal.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/entropy.h"
#include "common/db/mysql/mysql_database.h"
#include "common/db/open.h"
#include "gtest/gtest.h"

namespace tsunagu::faults {
namespace {

std::string OfferedServer() {
  const char* url = std::getenv("TSUNAGU_TEST_MYSQL");
  return url == nullptr ? "" : url;
}

}  // namespace

void PrintTo(Engine engine, std::ostream* out) { *out << (engine == Engine::kSqlite ? "Sqlite" : "Mysql"); }

bool Ground::Has(Engine engine) { return engine == Engine::kSqlite || !OfferedServer().empty(); }

Ground::Ground(Options options)
    : options_(std::move(options)), data_dir_(options_.folder.empty() ? folder_ / "data" : options_.folder) {
  if (options_.engine == Engine::kSqlite) return;
  url_ = absl::StrCat(options_.server.empty() ? OfferedServer() : options_.server, "/f",
                      Base32(Entropy::System().Bytes(5)));
  for (const std::string& service : options_.services) {
    Define(absl::StrCat("CREATE DATABASE ", url_.substr(url_.rfind('/') + 1), "_", service,
                        " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"));
  }
  if (!options_.bare) Prepare();
}

Ground::~Ground() {
  if (url_.empty() || !options_.server.empty()) return;  // a server of the test's own is deleted with it
  for (const std::string& service : options_.services) {
    const std::string schema = absl::StrCat(url_.substr(url_.rfind('/') + 1), "_", service);
    Define(absl::StrCat("DROP DATABASE ", schema));
    Define(absl::StrCat("DROP DATABASE IF EXISTS ", schema, "_keys"));
  }
}

void Ground::Define(const std::string& statement) const {
  const auto options = store::ParseMysqlUrl(url_.substr(0, url_.rfind('/') + 1));
  ASSERT_TRUE(options.ok()) << options.status();
  const absl::Status status = store::MysqlDatabase(*options).Define(statement);
  EXPECT_TRUE(status.ok()) << statement << ": " << status;
}

bool Ground::Prepare(const std::string& failpoints) {
  if (options_.engine == Engine::kSqlite || !api_key_.empty()) return true;
  const process::Outcome migrated = Run({"migrate", "--apply"}, failpoints);
  if (!failpoints.empty() && migrated.code == -SIGKILL) return false;
  EXPECT_EQ(migrated.code, 0) << migrated.errors;
  const process::Outcome key = Run({"keys", "create", "--principal", "tester", "--role", "admin"}, failpoints);
  if (!failpoints.empty() && key.code == -SIGKILL) return false;
  EXPECT_EQ(key.code, 0) << key.errors;
  api_key_ = std::string(absl::StripAsciiWhitespace(key.output));
  return true;
}

process::Outcome Ground::Run(std::vector<std::string> command, const std::string& failpoints) const {
  process::Process::Options options;
  options.environment = Environment(failpoints);
  return process::RunToEnd(Tool(std::move(command)), options);
}

process::ServerProcess::Options Ground::Server(const std::string& failpoints) const {
  process::ServerProcess::Options options;
  options.command = {"tsunagu", "serve", "--services", absl::StrJoin(options_.services, ",")};
  if (!url_.empty()) options.flags = {"--database", url_};
  options.api_key = api_key_;
  options.environment = Environment(failpoints);
  return options;
}

std::map<std::string, std::string> Ground::Environment(const std::string& failpoints) const {
  std::map<std::string, std::string> environment;
  if (!failpoints.empty()) environment["TSUNAGU_FAILPOINTS"] = failpoints;
  // If several machines share the data, no server creates a master key itself.
  if (!url_.empty()) environment["TSUNAGU_MASTER_KEY"] = std::string(63, '0') + "1";
  return environment;
}

std::vector<std::string> Ground::Tool(std::vector<std::string> command) const {
  command.insert(command.begin(), process::Binary("tsunagu"));
  command.insert(command.end(), {"--data-dir", data_dir_, "--services", absl::StrJoin(options_.services, ",")});
  if (!url_.empty()) command.insert(command.end(), {"--database", url_});
  return command;
}

std::string Ground::Location(const std::string& service) const {
  return url_.empty() ? absl::StrCat(data_dir_, "/", service, ".db") : absl::StrCat(url_, "_", service);
}

std::unique_ptr<store::Database> Ground::Database(const std::string& service) const {
  absl::StatusOr<std::unique_ptr<store::Database>> database = store::Open(Location(service));
  EXPECT_TRUE(database.ok()) << database.status();
  return database.ok() ? *std::move(database) : nullptr;
}

}  // namespace tsunagu::faults
