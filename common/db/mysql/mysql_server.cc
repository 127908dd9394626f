#include "common/db/mysql/mysql_server.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

// Returns the single value of a query; empty when there is none.
absl::StatusOr<std::string> Ask(MysqlSession& session, absl::string_view sql) {
  std::string answer;
  RETURN_IF_ERROR(session.Query(sql, {}, [&](const Row& row) {
    answer = row.Bytes(0);
    return absl::OkStatus();
  }));
  return answer;
}

// Returns the value of the first variable that this server has, of several names; empty when it has none.
std::string AskFirst(MysqlSession& session, std::initializer_list<absl::string_view> queries) {
  for (const absl::string_view sql : queries) {
    const absl::StatusOr<std::string> answer = Ask(session, sql);
    if (answer.ok()) return *answer;
  }
  return "";
}

bool IsNewEnough(absl::string_view version) {
  const bool mariadb = absl::StrContains(version, "MariaDB");
  const std::vector<absl::string_view> parts = absl::StrSplit(version, absl::ByAnyChar(".-"));
  int major = 0, minor = 0;
  if (parts.size() < 2 || !absl::SimpleAtoi(parts[0], &major) || !absl::SimpleAtoi(parts[1], &minor)) return false;
  return std::pair(major, minor) >= (mariadb ? std::pair(10, 11) : std::pair(8, 0));
}

absl::Status WrongSetting(const std::string& setting, const std::string& found, const std::string& wanted) {
  return Fail("DATABASE_WRONG_SETTING"_reason, {{"setting", setting}, {"found", found}, {"wanted", wanted}});
}

}  // namespace

absl::StatusOr<MysqlServer> AskServer(MysqlSession& session) {
  MysqlServer server;
  RETURN_IF_ERROR(
      session.Query("SELECT VERSION(), COALESCE(DATABASE(), ''), COALESCE((SELECT default_character_set_name FROM "
                    "information_schema.schemata WHERE schema_name = DATABASE()), '')",
                    {}, [&](const Row& row) {
                      server.version = row.Bytes(0);
                      server.schema = row.Bytes(1);
                      server.charset = row.Bytes(2);
                      return absl::OkStatus();
                    }));
  server.isolation = AskFirst(session, {"SELECT @@transaction_isolation", "SELECT @@tx_isolation"});
  server.binary_log = AskFirst(session, {"SELECT @@log_bin"}) == "1";
  server.binary_format = AskFirst(session, {"SELECT @@binlog_format"});
  return server;
}

absl::Status CheckServer(const MysqlServer& server) {
  if (!IsNewEnough(server.version)) {
    return Fail("DATABASE_SERVER_TOO_OLD"_reason, {{"found", server.version}});
  }
  if (!server.schema.empty() && server.charset != "utf8mb4") {
    return Fail("DATABASE_WRONG_CHARSET"_reason, {{"database", server.schema}, {"found", server.charset}});
  }
  if (server.isolation != "READ-COMMITTED") {
    return WrongSetting("transaction_isolation", server.isolation, "READ-COMMITTED");
  }
  if (server.binary_log && server.binary_format == "STATEMENT") {
    return WrongSetting("binlog_format", server.binary_format, "ROW");
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::store
