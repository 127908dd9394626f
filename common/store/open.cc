#include "common/store/open.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
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
  SqliteOptions options;
  const size_t folder = location.rfind('/');  // its name may hold anything
  const size_t query = location.find('?', folder == absl::string_view::npos ? 0 : folder);
  options.path = std::string(location.substr(0, query));
  if (query != absl::string_view::npos) {
    absl::string_view option = location.substr(query);
    const bool understood =
        absl::ConsumePrefix(&option, "?max_batch=") && absl::SimpleAtoi(option, &options.max_batch);
    if (!understood || options.max_batch < 1) return absl::InvalidArgumentError("sqlite takes ?max_batch=N only");
  }
  return OpenSqlite(options);
}

}  // namespace tsunagu::store
