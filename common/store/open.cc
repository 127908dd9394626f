#include "common/store/open.h"

#include <string>

#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "common/store/mysql/mysql_database.h"
#include "common/store/sqlite/sqlite_database.h"

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
  return OpenSqlite({std::string(location)});
}

}  // namespace tsunagu::store
