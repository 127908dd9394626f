#ifndef TSUNAGU_COMMON_DB_MYSQL_MYSQL_TESTING_H_
#define TSUNAGU_COMMON_DB_MYSQL_MYSQL_TESTING_H_

#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"
#include "common/db/mysql/mysql_database.h"
#include "gtest/gtest.h"

namespace tsunagu::store {

// True when TSUNAGU_TEST_MYSQL names a server (a URL without schema) whose user may create schemas.
inline bool HasTestServer() { return std::getenv("TSUNAGU_TEST_MYSQL") != nullptr; }

// For tests only: an empty schema t_<random>, dropped at the end.
class TestSchema {
 public:
  TestSchema() {
    absl::StatusOr<MysqlOptions> parsed = ParseMysqlUrl(std::getenv("TSUNAGU_TEST_MYSQL"));
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    server_ = std::make_unique<MysqlDatabase>(*parsed);
    options_ = *std::move(parsed);
    options_.schema = absl::StrCat("t_", Base32(Entropy::System().Bytes(10)));
    const absl::Status created = server_->Define(
        absl::StrCat("CREATE DATABASE ", options_.schema, " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"));
    EXPECT_TRUE(created.ok()) << created;
  }
  ~TestSchema() { EXPECT_TRUE(server_->Define(absl::StrCat("DROP DATABASE ", options_.schema)).ok()); }
  TestSchema(const TestSchema&) = delete;
  TestSchema& operator=(const TestSchema&) = delete;

  const MysqlOptions& options() const { return options_; }
  // A connection without a selected schema.
  Database& server() { return *server_; }

 private:
  MysqlOptions options_;
  std::unique_ptr<MysqlDatabase> server_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MYSQL_MYSQL_TESTING_H_
