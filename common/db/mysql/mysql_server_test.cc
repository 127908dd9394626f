#include "common/db/mysql/mysql_server.h"

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/db/mysql/mysql_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

const MysqlServer kGood = {"10.11.19-MariaDB-0+deb12u1", "t_registry", "utf8mb4", "READ-COMMITTED", false, "MIXED"};

struct Case {
  std::string name;
  std::function<void(MysqlServer&)> change;
  Reason reason = Reason();  // none: the server is accepted
  std::string says;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class CheckServerTest : public testing::TestWithParam<Case> {};

TEST_P(CheckServerTest, Judges) {
  MysqlServer server = kGood;
  GetParam().change(server);
  const absl::Status status = CheckServer(server);
  if (GetParam().reason == Reason()) {
    EXPECT_TRUE(status.ok()) << status;
    return;
  }
  EXPECT_EQ(ReasonOf(status), GetParam().reason) << status;
  EXPECT_THAT(TextForOperator(status), testing::HasSubstr(GetParam().says));
}

std::function<void(MysqlServer&)> Version(const char* version) {
  return [version](MysqlServer& server) { server.version = version; };
}

INSTANTIATE_TEST_SUITE_P(
    All, CheckServerTest,
    testing::Values(Case{"MariaDb1011", [](MysqlServer&) {}}, Case{"MariaDb114", Version("11.4.2-MariaDB")},
                    Case{"MySql80", Version("8.0.36")}, Case{"MySql97", Version("9.7.0")},
                    Case{"TiDb", Version("8.0.11-TiDB-v7.5.1")},
                    Case{"MariaDb106", Version("10.6.18-MariaDB"), "DATABASE_SERVER_TOO_OLD"_reason, "10.6.18-MariaDB"},
                    Case{"MySql57", Version("5.7.44-log"), "DATABASE_SERVER_TOO_OLD"_reason, "5.7.44"},
                    Case{"NoVersion", Version("?"), "DATABASE_SERVER_TOO_OLD"_reason, "?"},
                    Case{"Latin1", [](MysqlServer& s) { s.charset = "latin1"; }, "DATABASE_WRONG_CHARSET"_reason,
                         "ALTER DATABASE t_registry"},
                    Case{"NoSchema", [](MysqlServer& s) { s.schema = s.charset = ""; }},
                    Case{"RepeatableRead", [](MysqlServer& s) { s.isolation = "REPEATABLE-READ"; },
                         "DATABASE_WRONG_SETTING"_reason, "REPEATABLE-READ"},
                    Case{"StatementsLogged",
                         [](MysqlServer& s) {
                           s.binary_log = true;
                           s.binary_format = "STATEMENT";
                         },
                         "DATABASE_WRONG_SETTING"_reason, "binlog_format"},
                    Case{"StatementsNotLogged", [](MysqlServer& s) { s.binary_format = "STATEMENT"; }}),
    [](const auto& info) { return info.param.name; });

class OpenMysqlAtTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasTestServer()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set";
    schema_ = std::make_unique<TestSchema>();
  }
  absl::Status Define(const std::string& statement) { return schema_->server().Define(statement); }

  std::unique_ptr<TestSchema> schema_;
};

TEST_F(OpenMysqlAtTest, WrongPassword) {
  MysqlOptions options = schema_->options();
  options.user = "nobody-here";
  options.password = "secret";
  const absl::Status status = OpenMysql(options).status();
  EXPECT_EQ(ReasonOf(status), "DATABASE_LOGIN_REFUSED"_reason) << status;
  EXPECT_THAT(TextForOperator(status), testing::HasSubstr("nobody-here"));
  EXPECT_THAT(TextForOperator(status), testing::Not(testing::HasSubstr("secret")));
}

TEST_F(OpenMysqlAtTest, NoSuchSchema) {
  MysqlOptions options = schema_->options();
  options.schema += "_not";
  const absl::Status status = OpenMysql(options).status();
  EXPECT_EQ(ReasonOf(status), "DATABASE_SCHEMA_MISSING"_reason) << status;
  EXPECT_THAT(TextForOperator(status), testing::HasSubstr("CREATE DATABASE " + options.schema));
}

TEST_F(OpenMysqlAtTest, SchemaOfAnotherCharset) {
  ASSERT_TRUE(Define("ALTER DATABASE " + schema_->options().schema + " CHARACTER SET latin1").ok());
  const absl::Status status = OpenMysql(schema_->options()).status();
  EXPECT_EQ(ReasonOf(status), "DATABASE_WRONG_CHARSET"_reason) << status;
  ASSERT_TRUE(Define("ALTER DATABASE " + schema_->options().schema + " CHARACTER SET utf8mb4").ok());
  EXPECT_TRUE(OpenMysql(schema_->options()).ok());
}

TEST_F(OpenMysqlAtTest, AsksTheServer) {
  const auto session = MysqlSession::Connect(schema_->options(), Deadline::After(absl::Seconds(10)), absl::Seconds(10));
  ASSERT_TRUE(session.ok()) << session.status();
  const absl::StatusOr<MysqlServer> server = AskServer(**session);
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ(server->schema, schema_->options().schema);
  EXPECT_EQ(server->charset, "utf8mb4");
  EXPECT_EQ(server->isolation, "READ-COMMITTED");
  EXPECT_NE(server->version, "");
}

}  // namespace
}  // namespace tsunagu::store
