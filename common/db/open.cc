#include "common/db/open.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/db/mysql/mysql_database.h"
#include "common/db/sqlite/sqlite_database.h"

namespace tsunagu::store {

absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view location) {
  if (absl::StartsWith(location, kMysqlScheme)) {
    ASSIGN_OR_RETURN(const MysqlOptions options, ParseMysqlUrl(location));
    return OpenMysql(options);
  }
  if (location.empty()) return absl::InvalidArgumentError("no database is named");
  if (absl::StrContains(location, "://")) {
    return absl::InvalidArgumentError("the database is neither a file nor a mysql:// URL");
  }
  SqliteOptions options;
  const size_t folder = location.rfind('/');  // the folder's name may hold any character
  const size_t query = location.find('?', folder == absl::string_view::npos ? 0 : folder);
  options.path = std::string(location.substr(0, query));
  if (query != absl::string_view::npos) {
    absl::string_view option = location.substr(query);
    const bool understood = absl::ConsumePrefix(&option, "?max_batch=") && absl::SimpleAtoi(option, &options.max_batch);
    if (!understood || options.max_batch < 1) return absl::InvalidArgumentError("sqlite takes ?max_batch=N only");
  }
  return OpenSqlite(options);
}

absl::StatusOr<std::string> MissingSchema(absl::string_view location) {
  if (!absl::StartsWith(location, kMysqlScheme)) return std::string();
  ASSIGN_OR_RETURN(MysqlOptions options, ParseMysqlUrl(location));
  const std::string schema = std::exchange(options.schema, "");
  if (schema.empty() || absl::StrContains(schema, "`")) return absl::InvalidArgumentError("no schema is named");
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> server, OpenMysql(options));
  bool found = false;
  RETURN_IF_ERROR(server->Read(Deadline::After(absl::Seconds(30)), [&](Session& session) {
    return session.Query("SELECT 1 FROM `information_schema`.`schemata` WHERE `schema_name` = ?",
                         {absl::string_view(schema)}, [&](const Row&) {
                           found = true;
                           return absl::OkStatus();
                         });
  }));
  if (found) return std::string();
  return absl::StrCat("CREATE DATABASE IF NOT EXISTS `", schema, "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
}

absl::Status CreateSchema(absl::string_view location) {
  ASSIGN_OR_RETURN(const std::string statement, MissingSchema(location));
  if (statement.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(MysqlOptions options, ParseMysqlUrl(location));
  options.schema.clear();
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> server, OpenMysql(options));
  return server->Define(statement);
}

}  // namespace tsunagu::store
