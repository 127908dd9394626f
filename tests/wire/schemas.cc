#include "tests/wire/schemas.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/entropy.h"
#include "common/base/status_macros.h"
#include "common/host/host.h"
#include "gtest/gtest.h"
#include "tests/wire/server.h"

namespace tsunagu::wire {

Schemas::Schemas() : url_(std::getenv("TSUNAGU_TEST_MYSQL")) {
  const absl::StatusOr<store::MysqlOptions> options = store::ParseMysqlUrl(url_);
  EXPECT_TRUE(options.ok()) << options.status();
  server_ = std::make_unique<store::MysqlDatabase>(*options);
}

void Schemas::DropAll() {
  for (const std::string& prefix : free_) Drop(prefix);
  free_.clear();
}

Schemas& TheSchemas() {
  static auto& schemas = *new Schemas;
  return schemas;
}

namespace {

class AtTheEnd : public testing::Environment {
 public:
  void TearDown() override {
    if (std::getenv("TSUNAGU_TEST_MYSQL") != nullptr) TheSchemas().DropAll();
  }
};
[[maybe_unused]] const testing::Environment* const registered = testing::AddGlobalTestEnvironment(new AtTheEnd);

}  // namespace

std::string Schemas::Take() {
  if (free_.empty()) {
    const std::string prefix = absl::StrCat("t_", Base32(Entropy::System().Bytes(10)));
    Make(prefix);
    return prefix;
  }
  const std::string prefix = free_.back();
  free_.pop_back();
  return prefix;
}

void Schemas::GiveBack(const std::string& prefix, bool spoilt) {
  if (spoilt) return Drop(prefix);
  for (const ServiceKind& kind : Server::Kinds()) {
    Empty(absl::StrCat(prefix, "_", kind.name));
  }
  free_.push_back(prefix);
}

void Schemas::Make(const std::string& prefix) {
  for (const ServiceKind& kind : Server::Kinds()) {
    const absl::Status made = server_->Define(
        absl::StrCat("CREATE DATABASE ", prefix, "_", kind.name, " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"));
    EXPECT_TRUE(made.ok()) << made;
  }
  HostConfig config;
  config.database = absl::StrCat(url_, "/", prefix);
  const auto migrated = Migrate(config, Server::Kinds(), true);
  EXPECT_TRUE(migrated.ok()) << migrated.status();
}

// Only few tables hold something after a test: one question finds them.
void Schemas::Empty(const std::string& schema) {
  std::string filled;
  const absl::Status emptied =
      server_->Write(Deadline::After(absl::Minutes(1)), [&](store::Session& session) -> absl::Status {
        std::vector<std::string> tables;
        const auto add = [&](const store::Row& row) {
          tables.push_back(row.Bytes(0));
          return absl::OkStatus();
        };
        if (filled.empty()) {
          RETURN_IF_ERROR(session.Query(
              // What has been done to the tables stays done.
              "SELECT `table_name` FROM `information_schema`.`tables` WHERE `table_schema` = ? AND `table_name` <> "
              "'schema_steps'",
              {absl::string_view(schema)}, add));
          for (const std::string& table : std::exchange(tables, {})) {
            absl::StrAppend(&filled, filled.empty() ? "" : " UNION ALL ", "(SELECT '", table, "' FROM `", schema, "`.`",
                            table, "` LIMIT 1)");
          }
        }
        RETURN_IF_ERROR(session.Query(filled, {}, add));
        for (const std::string& table : tables) {
          RETURN_IF_ERROR(session.Execute(absl::StrCat("DELETE FROM `", schema, "`.`", table, "`"), {}).status());
        }
        // Of the key store all else stays.
        return session.Execute(absl::StrCat("DELETE FROM ", schema, "_keys.marks WHERE name LIKE 'chain %'"), {})
            .status();
      });
  EXPECT_TRUE(emptied.ok()) << emptied;
}

void Schemas::Drop(const std::string& prefix) {
  for (const ServiceKind& kind : Server::Kinds()) {
    for (const char* part : {"", "_keys"}) {
      EXPECT_TRUE(server_->Define(absl::StrCat("DROP DATABASE ", prefix, "_", kind.name, part)).ok());
    }
  }
}

}  // namespace tsunagu::wire
